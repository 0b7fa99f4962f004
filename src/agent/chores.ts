interface Chore {
  readonly due: number;
  readonly timer: NodeJS.Timeout;
  readonly work: () => void;
}

/**
 * What is done now and then and can wait a moment: it is done in a waking that comes anyway, since each costs more than
 * what is then done. Where none comes, a timer sees to it.
 */
export class Chores {
  private readonly waiting = new Set<Chore>();

  /**
   * @param delay milliseconds until it is due
   * @param patience milliseconds that it then waits for a waking
   * @returns takes it back
   */
  after(delay: number, patience: number, work: () => void): () => void {
    const chore: Chore = {
      due: performance.now() + delay,
      timer: setTimeout(() => this.do(chore), delay + patience),
      work,
    };
    this.waiting.add(chore);
    return () => this.forget(chore);
  }

  /** The process is awake. Cheap: to be called whenever it has done what could not wait. */
  awake(now: number): void {
    for (const chore of [...this.waiting]) if (now >= chore.due && this.waiting.has(chore)) this.do(chore);
  }

  private do(chore: Chore): void {
    this.forget(chore);
    chore.work();
  }

  private forget(chore: Chore): void {
    clearTimeout(chore.timer);
    this.waiting.delete(chore);
  }
}
