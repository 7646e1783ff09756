import { StringDecoder } from 'node:string_decoder';

/** A line is cut here: a child that never writes a line end must not fill this process's memory. */
const LONGEST_LINE = 16_384;

/** Cuts a child's output into lines. Empty lines are left out. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  write(chunk: Buffer): void {
    const pieces = (this.#rest + this.#decoder.write(chunk)).split(/\r?\n/);
    this.#rest = pieces.pop() ?? '';
    pieces.forEach((piece) => {
      this.#emit(piece);
    });
    while (this.#rest.length > LONGEST_LINE) {
      this.#emit(this.#rest.slice(0, LONGEST_LINE));
      this.#rest = this.#rest.slice(LONGEST_LINE);
    }
  }

  /** The output ended: hands out what came after the last line end. */
  end(): void {
    this.#emit(this.#rest + this.#decoder.end());
    this.#rest = '';
  }

  #emit(line: string): void {
    if (line.trim() !== '') this.onLine(line);
  }
}
