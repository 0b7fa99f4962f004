import { appendFileSync, renameSync, statSync } from "node:fs";

const limit = 1024 * 1024;

/** Appends to a file in the machine's memory; at 1 MiB the file becomes `<path>.1` and a new one begins. */
export class BoundedLog {
  #size: number;

  constructor(private readonly path: string) {
    this.#size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(chunk: Buffer | string): void {
    if (this.#size > limit) {
      renameSync(this.path, `${this.path}.1`);
      this.#size = 0;
    }
    appendFileSync(this.path, chunk);
    this.#size += Buffer.byteLength(chunk);
  }
}
