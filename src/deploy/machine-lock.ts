import type { Host } from "../host/host.js";

/** The machine's lock, held from one call to another. */
export class MachineLock {
  #free: (() => void) | null = null;
  #ended: Promise<void> = Promise.resolve();

  constructor(private readonly host: Host) {}

  /** Resolves once it is held; at once if it already is. Rejects with a LockError when somebody else has it. */
  async take(): Promise<void> {
    if (this.#free !== null) return;
    await new Promise<void>((held, refused) => {
      const work = () =>
        new Promise<void>((free) => {
          this.#free = free;
          held();
        });
      this.#ended = this.host.lock(work).catch(refused);
    });
  }

  /** Resolves once another one can have it. */
  async free(): Promise<void> {
    this.#free?.();
    this.#free = null;
    await this.#ended;
  }
}
