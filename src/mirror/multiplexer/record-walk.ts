import { headBytes, lengthBytes } from "./audit-record.js";

/** Walks from record to record of an audit's file, whose pieces come in any size. */
export class RecordWalk {
  /** Bytes of this record that are still to come. */
  #left = 0;
  /** Of a length that is not whole yet. */
  #length = 0;
  #had = 0;
  /** What has no room for a record's head is none: a disk without power leaves zeros behind. */
  #broken = false;

  /** Whether a record ended with the last byte that came, or none came. */
  get atAnEnd(): boolean {
    return !this.#broken && this.#left === 0 && this.#had === 0;
  }

  data(piece: Buffer): void {
    for (let at = 0; at < piece.length; ) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, piece.length - at);
        this.#left -= step;
        at += step;
        continue;
      }
      this.#length = this.#length * 256 + piece.readUInt8(at);
      this.#had += 1;
      at += 1;
      if (this.#had < lengthBytes) continue;
      this.#broken ||= this.#length < headBytes;
      [this.#left, this.#length, this.#had] = [this.#length, 0, 0];
    }
  }
}
