import { type Beat, decode } from "./beat.js";

/** A datagram around the place where its sender counts. */
interface Frame {
  readonly before: string;
  readonly after: string;
}

/**
 * Reads one peer's datagrams. A peer sends the same on every network, and hours long the same but for its count: what is
 * known already is not taken apart again.
 */
export class BeatReader {
  private datagram: Buffer = Buffer.alloc(0);
  private frame: Frame | null = null;
  private beat: Beat | null = null;

  /** The beat, or null for anything else. */
  read(datagram: Buffer): Beat | null {
    if (datagram.equals(this.datagram)) return this.beat;
    this.datagram = datagram;
    const text = datagram.toString("utf8");
    const [, before, count, after] = counted.exec(text) ?? [];
    const { frame, beat } = this;
    if (frame !== null && beat !== null && before === frame.before && after === frame.after)
      this.beat = { ...beat, sequence: Number(count) };
    else {
      this.beat = decode(text);
      const isFramed = before !== undefined && after !== undefined && this.beat?.sequence === Number(count);
      this.frame = isFramed ? { before, after } : null;
    }
    return this.beat;
  }
}

/** Fifteen digits are counted exactly. */
const counted = /^(.*?"sequence":)([1-9]\d{0,14})(,.*)$/s;
