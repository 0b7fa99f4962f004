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
  private count = 0;
  private last = 0;

  constructor(
    private readonly timing: Pick<AgentTiming, "look" | "judge" | "late">,
    private readonly listener: PulseListener,
  ) {}

  start(): void {
    this.last = performance.now();
    this.timer = setInterval(() => this.strike(), this.timing.look);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private strike(): void {
    const { look, judge, late } = this.timing;
    const now = performance.now();
    const stood = now - this.last > look + late;
    this.last = now;
    this.listener.look();
    this.count += 1;
    const due = (every: number) => this.count % (every / look) === 0;
    if (due(judge.calm) || (due(judge.uneasy) && this.listener.isUneasy(now))) this.listener.beat(now, stood);
  }
}
