import type { AgentTiming } from "./timing.js";

export interface PulseListener {
  look(): void;
  /** Whether anything is not well, so that the pulse has to go faster. Cheap. */
  isUneasy(now: number): boolean;
  /** @param late this process stood still before: what arrived meanwhile has not been read yet */
  beat(now: number, late: boolean): void;
}

/** One timer for all that is done regularly: each waking of the event loop costs more than what is then done. */
export class Pulse {
  private timer: NodeJS.Timeout | null = null;
  private expected = 0;
  private beaten = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly timing: Pick<AgentTiming, "look" | "judge" | "late">,
    private readonly listener: PulseListener,
  ) {}

  start(): void {
    const { look, judge } = this.timing;
    this.plan(performance.now(), Math.min(look, judge.uneasy));
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
    const { look, judge, late } = this.timing;
    const now = performance.now();
    const stood = now - this.expected > late;
    this.listener.look();
    const pace = this.listener.isUneasy(now) ? judge.uneasy : judge.calm;
    // A timer may come a moment early.
    if (now - this.beaten >= pace - look / 2) {
      this.beaten = now;
      this.listener.beat(now, stood);
    }
    if (this.timer !== null) this.plan(now, Math.min(look, pace));
  }
}
