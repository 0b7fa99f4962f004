import type { Host } from "../../host/host.js";
import type { KeptGeneration } from "../../observe/kept-generation.js";
import { lookAtPool } from "../../observe/pool-look.js";

/** Milliseconds between two questions; after a slow answer more, so that it is asked for a tenth of the time at most. */
const pollEvery = 1_500;

/** Asks HAProxy for its servers again and again: it tells nobody of its changes. */
export class PoolPoll {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private known = "[]";

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
    const signature = JSON.stringify(await lookAtPool(this.host, this.kept));
    if (this.stopped) return;
    if (signature !== this.known) this.changed();
    this.known = signature;
    this.timer = setTimeout(() => void this.ask(), Math.max(pollEvery, 10 * (performance.now() - begun)));
  }
}
