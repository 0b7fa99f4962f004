interface Chore {
  readonly due: number;
  readonly work: () => void;
}

/** Milliseconds between two wakings where nobody else has any. */
const alone = 300;

/**
 * What is done now and then and can wait a moment: it is done in a waking that comes anyway, since each costs more than
 * what is then done.
 */
export class Chores {
  private readonly waiting = new Set<Chore>();
  private isWoken = false;
  private timer: NodeJS.Timeout | null = null;

  /** @returns takes it back */
  after(milliseconds: number, work: () => void): () => void {
    const chore = { due: performance.now() + milliseconds, work };
    this.waiting.add(chore);
    this.plan();
    return () => {
      this.waiting.delete(chore);
      this.plan();
    };
  }

  /** The process is awake, and has done what could not wait. Cheap. */
  awake(now: number): void {
    for (const chore of this.waiting) {
      if (now < chore.due) continue;
      this.waiting.delete(chore);
      chore.work();
    }
    this.plan();
  }

  /** @param regularly somebody calls `awake` again and again; while nobody does, a timer wakes the process */
  woken(regularly: boolean): void {
    this.isWoken = regularly;
    this.plan();
  }

  private plan(): void {
    if (!this.isWoken && this.waiting.size > 0) {
      this.timer ??= setInterval(() => this.awake(performance.now()), alone).unref();
    } else if (this.timer !== null) {
      clearInterval(this.timer);
      this.timer = null;
    }
  }
}
