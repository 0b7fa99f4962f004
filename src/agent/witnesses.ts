import { Fping, type PingResult } from "./fping.js";

/** Milliseconds between two changes of the list, and before fping is started again after it ended by itself. */
const calm = 2_000;

/** Keeps one fping asking the witnesses wanted now. A new one asks before the old one ends, so that no answer is missed. */
export class Witnesses {
  private wanted: readonly string[] = [];
  private asking: readonly string[] = [];
  private current: Fping | null = null;
  private lastStart = Number.NEGATIVE_INFINITY;

  constructor(private readonly on: { result(result: PingResult): void; trouble(why: string): void }) {}

  /** Cheap when nothing changed: to be called regularly. */
  want(addresses: readonly string[], now: number): void {
    this.wanted = [...addresses].sort();
    const same =
      this.wanted.length === this.asking.length && this.wanted.every((a, i) => a === this.asking[i]);
    if (same || now - this.lastStart < calm) return;
    this.lastStart = now;
    this.replace();
  }

  stop(): void {
    const last = this.current;
    this.current = null;
    last?.stop();
  }

  private replace(): void {
    const old = this.current;
    this.asking = this.wanted;
    this.current = null;
    if (this.wanted.length === 0) {
      old?.stop();
      return;
    }
    const next: Fping = new Fping(this.wanted, {
      result: (result) => {
        if (this.current !== next) return;
        old?.stop();
        this.on.result(result);
      },
      ended: (why) => {
        if (this.current !== next) return;
        this.current = null;
        // Asked again at the next `want` that comes after the calm time.
        this.asking = [];
        this.on.trouble(why);
      },
    });
    this.current = next;
  }
}
