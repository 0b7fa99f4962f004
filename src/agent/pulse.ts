import type { AgentTiming } from "./timing.js";

export interface PulseListener {
  /** @param late this process stood still before: what arrived meanwhile has not been read yet */
  beat(now: number, late: boolean): void;
  /** Whether anything is not well, so that the pulse has to go faster. */
  isUneasy(now: number): boolean;
}

/** One timer for all that is done regularly: each waking of the event loop costs more than what is then done. */
export class Pulse {
  private timer: NodeJS.Timeout | null = null;
  /** Set while a pulse is had before its time. */
  private early: NodeJS.Immediate | null = null;
  private expected = 0;
  private delay = 0;

  constructor(
    private readonly timing: Pick<AgentTiming, "judge" | "late">,
    private readonly listener: PulseListener,
  ) {}

  start(): void {
    this.plan(performance.now(), this.timing.judge.uneasy);
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
    const { calm } = this.timing.judge;
    if (this.timer === null || this.early !== null || this.delay !== calm) return;
    if (this.expected - now > calm / 2) return;
    // After whatever else has arrived.
    this.early = setImmediate(() => {
      if (this.timer) clearTimeout(this.timer);
      this.strike();
    });
  }

  private plan(now: number, delay: number): void {
    this.delay = delay;
    this.expected = now + delay;
    this.timer = setTimeout(() => this.strike(), delay);
  }

  private strike(): void {
    const { judge, late } = this.timing;
    const now = performance.now();
    if (this.early) clearImmediate(this.early);
    this.early = null;
    this.listener.beat(now, now - this.expected > late);
    if (this.timer !== null) this.plan(now, this.listener.isUneasy(now) ? judge.uneasy : judge.calm);
  }
}
