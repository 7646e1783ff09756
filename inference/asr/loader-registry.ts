import type { ModelLoader } from './model-loader.js';

const loaders = new Map<string, ModelLoader>();

/**
 * Makes a loader known under the name that clients give as `backend` in `POST /load_model`.
 *
 * @throws Error when the name is taken
 */
export function registerLoader(name: string, loader: ModelLoader): void {
  if (loaders.has(name)) {
    throw new Error(
      `A loader named ${JSON.stringify(name)} is registered already; choose another name.`,
    );
  }
  loaders.set(name, loader);
}

/** Forgets a loader; models that it loaded stay. */
export function unregisterLoader(name: string): void {
  loaders.delete(name);
}

export function findLoader(name: string): ModelLoader | undefined {
  return loaders.get(name);
}

export function loaderNames(): string[] {
  return [...loaders.keys()];
}
