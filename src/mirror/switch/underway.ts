/** Messages that were written together. */
interface Run {
  /** Bytes of the connection before it, and up to its end. */
  readonly start: number;
  end: number;
  messages: number;
  /** When the first of it was written, in milliseconds. */
  readonly since: number;
}

/** What waits for the other end although it was written. */
export interface Kept {
  readonly bytes: number;
  readonly messages: number;
  readonly since: number | null;
}

export interface Waiting {
  readonly bytes: number;
  readonly messages: number;
  /** Milliseconds for which the oldest of it has waited. */
  readonly age: number;
}

/** What was written and what is still to be written, which came later. @param now in milliseconds, as both have it */
export function waiting(unwritten: Kept, written: Kept, now: number): Waiting {
  const since = written.since ?? unwritten.since;
  return {
    bytes: unwritten.bytes + written.bytes,
    messages: unwritten.messages + written.messages,
    age: since === null ? 0 : now - since,
  };
}

/** What became of the messages that were on their way when a connection ended. */
export interface Ended {
  readonly delivered: number;
  readonly dropped: number;
}

/** Milliseconds until what arrived is acknowledged: that may be delayed by half a second (RFC 9293, 3.8.6.3). */
const prompt = 500;
/** On a connection that stands still, runs within so many milliseconds and bytes are one: it costs little memory. */
const grain = { time: 100, bytes: 16 * 1_024 };

/**
 * What was written on one connection and is not known to have arrived. The system takes megabytes for an end that does not
 * read, or is gone, and says so in its own tables alone. Where the oldest has been on its way for longer than an
 * acknowledgement takes, all of it waits; else it is presumed to arrive. In all calls, `left` are the bytes that were written
 * last and that the system has not taken.
 */
export class Underway {
  #runs: Run[] = [];
  #messages = 0;
  #written = 0;
  #acknowledged = 0;
  #held = 0;
  #late = false;
  /** When something was acknowledged, or written after all was. */
  #moved = 0;

  /** Whether anything was written that is not known to have arrived. */
  get any(): boolean {
    return this.#written > this.#acknowledged;
  }

  /** @param messages 0 for what belongs to the session alone */
  wrote(bytes: number, messages: number, left: number, now: number): void {
    const start = this.#written;
    if (!this.any) this.#moved = now;
    this.#written += bytes;
    if (messages === 0) return;
    this.#messages += messages;
    const last = this.#runs.at(-1);
    const joins =
      last &&
      this.#late &&
      left === 0 &&
      now - last.since < grain.time &&
      this.#written - last.start <= grain.bytes;
    if (joins) [last.end, last.messages] = [this.#written, last.messages + messages];
    else this.#runs.push({ start, end: this.#written, messages, since: now });
  }

  /**
   * The system was asked.
   * @param held bytes that it has taken and that nobody has acknowledged
   * @returns messages that were acknowledged since it was asked before
   */
  look(held: number, left: number, now: number): number {
    // Of a write that it has taken in part nothing counts yet.
    const acknowledged = this.#written - left - held;
    if (acknowledged > this.#acknowledged || held < this.#held) this.#moved = now;
    this.#acknowledged = Math.max(this.#acknowledged, acknowledged);
    this.#held = held;
    const before = this.#messages;
    this.#runs = this.#runs.filter(({ end, messages }) => {
      if (end > this.#acknowledged) return true;
      this.#messages -= messages;
      return false;
    });
    const [oldest] = this.#runs;
    this.#late = oldest !== undefined && now - oldest.since >= prompt;
    return before - this.#messages;
  }

  /** Milliseconds since anything was acknowledged, as far as it was looked; 0 where nothing is to be. */
  silentFor(now: number): number {
    return this.#held === 0 ? 0 : now - this.#moved;
  }

  kept(left: number): Kept {
    if (this.#late) {
      const since = this.#runs[0]?.since ?? null;
      return { bytes: this.#written - this.#acknowledged, messages: this.#messages, since };
    }
    let messages = 0;
    let since: number | null = null;
    if (left > 0)
      for (const run of this.#runs.toReversed()) {
        if (run.end <= this.#written - left) break;
        [messages, since] = [messages + run.messages, run.since];
      }
    return { bytes: left, messages, since };
  }

  /** The connection ends as it should: what is presumed to arrive, and what does not. */
  end(left: number): Ended {
    const { messages: dropped } = this.kept(left);
    return this.#ended(dropped);
  }

  /** The other end broke it off: it may never have read what it had not acknowledged by the last look. */
  brokenOff(): Ended {
    return this.#ended(this.#messages);
  }

  #ended(dropped: number): Ended {
    const delivered = this.#messages - dropped;
    [this.#runs, this.#messages, this.#late] = [[], 0, false];
    return { delivered, dropped };
  }
}
