/** Milliseconds. */
const times = {
  /** Changes come in bursts: so long the rest of one is awaited. */
  burst: 200,
  /** After a look that failed. */
  again: 5_000,
};

/**
 * Runs a look when it is asked for: never two at a time, once a burst, and in a storm for no more than a fifth of the
 * time.
 */
export class Looking {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private wanted = false;
  private stopped = false;

  constructor(
    private readonly work: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Looks soon. */
  request(delay = times.burst): void {
    this.wanted = true;
    if (this.stopped || this.running !== null || this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.running = this.run();
    }, delay);
  }

  /** Looks at once, behind a look that is under way. Resolves when it is done, well or not. */
  async now(): Promise<void> {
    while (this.running !== null) await this.running;
    if (this.stopped) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.running = this.run();
    await this.running;
  }

  /** Resolves when no look is under way. */
  async idle(): Promise<void> {
    await this.running;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    const begun = performance.now();
    this.wanted = false;
    let pause: number = times.burst;
    try {
      await this.work();
      pause = Math.max(times.burst, 4 * (performance.now() - begun));
    } catch (error) {
      this.failed(error);
      this.wanted = true;
      pause = times.again;
    }
    this.running = null;
    if (this.wanted) this.request(pause);
  }
}
