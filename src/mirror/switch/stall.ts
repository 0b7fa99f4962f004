/** Milliseconds that a master controller may leave unread what it asked for, before what it asks further is refused. */
const patience = 5_000;
/** And before it is let go. */
const mostPatience = 30_000;
/** Bytes of what it is told while it is refused, before it is let go. */
const mostSaid = 1_048_576;

/** How long a master controller has left unread what it asked for. Times are of a steady clock, in milliseconds. */
export class Stall {
  #since: number | null = null;
  #said = 0;

  /** @param isBehind whether it leaves unread more than it may */
  look(isBehind: boolean, now: number): void {
    if (!isBehind) [this.#since, this.#said] = [null, 0];
    else this.#since ??= now;
  }

  /** It waits as its own connection does: what it says is not read. */
  waits(now: number): boolean {
    return this.#since !== null && now - this.#since < patience;
  }

  /** It may say all before it reads anything: what it says is read, and refused. */
  isRefused(now: number): boolean {
    return this.#since !== null && !this.waits(now);
  }

  /** So many bytes more are for it. @returns whether it may have them */
  takes(bytes: number, now: number): boolean {
    if (!this.isRefused(now)) return true;
    this.#said += bytes;
    return this.#said <= mostSaid;
  }

  isOver(now: number): boolean {
    return this.#since !== null && now - this.#since >= mostPatience;
  }
}
