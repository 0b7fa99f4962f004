import type { AgentTiming } from "./timing.js";

export interface PulseListener {
  /** @param late this process stood still before: what arrived meanwhile has not been read yet */
  beat(now: number, late: boolean): void;
  /** Milliseconds for which all stays well if nothing is heard; not above 0 while anything is not, and the pulse goes faster. */
  calmFor(now: number): number;
}

/**
 * Milliseconds within which peers in step have answered a beat. Planned earlier, the timer would be set for the beats that are
 * just arriving, and a timer that is cleared wakes Node all the same, when it would have been due.
 */
const answered = 10;

/** One timer for all that is done regularly: each waking of the event loop costs more than what is then done. */
export class Pulse {
  private timer: NodeJS.Timeout | null = null;
  /** Set while a pulse is had before its time. */
  private early: NodeJS.Immediate | null = null;
  private expected = 0;
  /** When the next calm pulse is due; null while anything is not well. */
  private due: number | null = null;

  constructor(
    private readonly timing: Pick<AgentTiming, "judge" | "late">,
    private readonly listener: PulseListener,
  ) {}

  start(): void {
    this.wait(this.timing.judge.uneasy);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    if (this.early) clearImmediate(this.early);
    this.timer = null;
    this.early = null;
  }

  /**
   * A peer's beat has woken the process: a calm pulse that is due soon is had in the same waking. Peers fall into step by
   * it, since whichever of two is ahead is ahead by half a pulse at most.
   */
  join(now: number): void {
    if (this.timer === null || this.early !== null || this.due === null) return;
    // After whatever else has arrived.
    if (this.due - now <= this.timing.judge.calm / 2) this.early = setImmediate(() => this.strike());
  }

  /** What was waited for may have come meanwhile: then there is nothing to do but to wait on. */
  private ring(): void {
    const now = performance.now();
    const left = this.due === null ? 0 : this.due - now;
    if (left > 1 && this.listener.calmFor(now) > 0) this.await(now, left);
    else this.strike();
  }

  private strike(): void {
    const { judge, late } = this.timing;
    const now = performance.now();
    const isAnswer = this.early !== null;
    if (this.early) clearImmediate(this.early);
    this.early = null;
    this.listener.beat(now, now - this.expected > late);
    if (this.timer === null) return;
    const isCalm = this.listener.calmFor(now) > 0;
    this.due = isCalm ? now + judge.calm : null;
    if (!isCalm) this.wait(judge.uneasy);
    else if (isAnswer) this.await(now, judge.calm);
    else this.wait(answered);
  }

  /** Waits for the next calm pulse, but no longer than all stays well: a beat that does not come is noticed when it is late. */
  private await(now: number, left: number): void {
    this.wait(Math.min(left, Math.max(0, this.listener.calmFor(now)) + 1));
  }

  private wait(delay: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.expected = performance.now() + delay;
    this.timer = setTimeout(() => this.ring(), delay);
  }
}
