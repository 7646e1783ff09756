/** The last part of a stream's samples, addressed by their absolute position. What is dropped is gone. */
export class SampleHistory {
  #blocks: Float32Array[] = [];
  #start = 0;
  #end = 0;

  /** Position after the last sample. */
  get end(): number {
    return this.#end;
  }

  append(samples: Float32Array): void {
    if (samples.length === 0) return;
    this.#blocks.push(samples);
    this.#end += samples.length;
  }

  /** A copy of the samples from `from` to `to`, as far as they are held. */
  slice(from: number, to: number): Float32Array<ArrayBuffer> {
    const first = Math.max(from, this.#start);
    const copy = new Float32Array(Math.max(0, Math.min(to, this.#end) - first));
    let at = this.#start;
    for (const block of this.#blocks) {
      const begin = Math.max(first, at);
      const end = Math.min(first + copy.length, at + block.length);
      if (end > begin) copy.set(block.subarray(begin - at, end - at), begin - first);
      at += block.length;
    }
    return copy;
  }

  /** Frees whole blocks that end before `position`. */
  dropBefore(position: number): void {
    let drop = 0;
    for (const block of this.#blocks) {
      if (this.#start + block.length > position) break;
      this.#start += block.length;
      drop += 1;
    }
    if (drop > 0) this.#blocks = this.#blocks.slice(drop);
  }
}
