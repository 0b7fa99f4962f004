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
  private expected = 0;

  constructor(
    private readonly timing: Pick<AgentTiming, "judge" | "late">,
    private readonly listener: PulseListener,
  ) {}

  start(): void {
    this.plan(performance.now(), this.timing.judge.uneasy);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private plan(now: number, delay: number): void {
    this.expected = now + delay;
    this.timer = setTimeout(() => this.strike(), delay);
  }

  private strike(): void {
    const { judge, late } = this.timing;
    const now = performance.now();
    this.listener.beat(now, now - this.expected > late);
    if (this.timer !== null) this.plan(now, this.listener.isUneasy(now) ? judge.uneasy : judge.calm);
  }
}
