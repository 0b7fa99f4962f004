import type { Host } from "../../host/host.js";
import type { Deviation } from "../../observe/deviation.js";
import type { KeptGeneration } from "../../observe/kept-generation.js";
import { lookAtPool } from "./pool-look.js";

/** Milliseconds between two questions; of a long answer more, so that asking never takes a hundredth of the time. */
const pollEvery = 1_000;

/** Asks HAProxy for its servers again and again: it tells nobody of its changes. */
export class PoolPoll {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private known = "";
  /** Empty while HAProxy does not tell. */
  deviations: readonly Deviation[] = [];

  constructor(
    private readonly host: Host,
    private readonly kept: KeptGeneration,
    private readonly changed: () => void,
  ) {
    void this.ask();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    const begun = performance.now();
    const deviations = (await lookAtPool(this.host, this.kept)) ?? [];
    if (this.stopped) return;
    const signature = JSON.stringify(deviations);
    this.deviations = deviations;
    if (signature !== this.known) this.changed();
    this.known = signature;
    this.timer = setTimeout(() => void this.ask(), Math.max(pollEvery, 100 * (performance.now() - begun)));
  }
}
