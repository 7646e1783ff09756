/** What makes a backend known. */
export interface BackendDefinition<Backend> {
  /** Name in `/load_model`, `/v1/models` and the catalogue. */
  readonly name: string;
  /** What it is, in a few words. */
  readonly title: string;
  /**
   * Why the backend cannot be used on this machine, in a sentence; undefined when it can. Looks for its optional packages without
   * loading them.
   */
  missing(): string | undefined;
  /**
   * The files of a model folder as the backend wants them: what it asks for → absolute path.
   *
   * @param folder - absolute path of a folder of the models directory
   * @param names - the folder's files
   * @returns undefined when the folder holds no model of this backend
   */
  filesIn(folder: string, names: readonly string[]): ModelFolderFiles | undefined;
  /** What {@link filesIn} looks for, for error messages. */
  readonly expects: string;
  /** A new backend; nothing is loaded yet. */
  create(settings: BackendSettings): Backend;
}

/** Paths by what the backend asks for. */
export type ModelFolderFiles = Readonly<Record<string, string>>;

/** What every backend is made with. */
export interface BackendSettings {
  /** Told about crashes and restarts, in words. */
  readonly onEvent?: ((message: string) => void) | undefined;
}

/** A backend as `/v1/models` shows it. */
export interface BackendState {
  readonly name: string;
  readonly title: string;
  readonly available: boolean;
  /** Why it is not available. */
  readonly reason: string | undefined;
}

/** A backend that is not registered, or cannot be used on this machine. */
export class BackendUnavailableError extends Error {
  override readonly name = 'BackendUnavailableError';
}

/** The backends of one kind, by name. */
export class BackendRegistry<Definition extends Omit<BackendDefinition<unknown>, 'create'>> {
  readonly #kind: string;
  readonly #definitions = new Map<string, Definition>();
  readonly #reasons = new Map<string, string | undefined>();

  /** @param kind - for messages, e.g. `speech-to-text` */
  constructor(kind: string, builtIn: readonly Definition[]) {
    this.#kind = kind;
    for (const definition of builtIn) this.register(definition);
  }

  /** @throws Error when the name is taken */
  register(definition: Definition): void {
    if (this.#definitions.has(definition.name)) {
      throw new Error(
        `A ${this.#kind} backend named ${JSON.stringify(definition.name)} is registered already.`,
      );
    }
    this.#definitions.set(definition.name, definition);
  }

  unregister(name: string): void {
    this.#definitions.delete(name);
    this.#reasons.delete(name);
  }

  /** Every backend, with the reason where one cannot be used; looked up once. */
  discover(): BackendState[] {
    return [...this.#definitions.values()].map((definition) => {
      const { name, title } = definition;
      const reason = this.#reasonOf(definition);
      return { name, title, available: reason === undefined, reason };
    });
  }

  /** The backends that can be used here. */
  available(): Definition[] {
    return [...this.#definitions.values()].filter((one) => this.#reasonOf(one) === undefined);
  }

  /** @throws BackendUnavailableError that says what there is, or what is missing */
  get(name: string): Definition {
    const definition = this.#definitions.get(name);
    if (definition === undefined) {
      const known = [...this.#definitions.keys()].join(', ');
      throw new BackendUnavailableError(
        `There is no ${this.#kind} backend ${JSON.stringify(name)}; there are ${known}.`,
      );
    }
    const reason = this.#reasonOf(definition);
    if (reason !== undefined) {
      throw new BackendUnavailableError(
        `The ${this.#kind} backend ${name} cannot be used here: ${reason}`,
      );
    }
    return definition;
  }

  #reasonOf(definition: Definition): string | undefined {
    if (!this.#reasons.has(definition.name)) {
      this.#reasons.set(definition.name, definition.missing());
    }
    return this.#reasons.get(definition.name);
  }
}
