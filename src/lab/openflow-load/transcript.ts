import { createHash } from "node:crypto";

/** Bytes, and what they were. */
export interface Sum {
  readonly bytes: number;
  readonly sha256: string;
}

/** A running sum of what passes. */
export class Transcript {
  readonly #hash = createHash("sha256");
  #bytes = 0;

  add(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  /** As of now; more may follow. */
  get sum(): Sum {
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest("hex") };
  }
}
