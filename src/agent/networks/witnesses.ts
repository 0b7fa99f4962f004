import { paths } from "../../render/paths.js";
import { Fping, type PingResult } from "./fping.js";
import { PingPipe } from "./ping-pipe.js";

/**
 * Milliseconds between two changes of the list, and before fping is started again after it ended by itself. Somebody new
 * may be the first on a path, which cannot be watched before: a list that only grows has to wait for less.
 */
const calm = { grown: 500, changed: 2_000 };

/** Milliseconds that an old fping asks on beside a new one, so that no answer is missed. */
const overlap = 300;

/** Keeps one fping asking the witnesses wanted now. */
export class Witnesses {
  private readonly pipe = new PingPipe(`${paths.runDir}/ping.fifo`);
  private asking: readonly string[] = [];
  private current: Fping | null = null;
  private readonly leaving = new Map<Fping, NodeJS.Timeout>();
  private lastStart = Number.NEGATIVE_INFINITY;

  /** @param trouble told why when fping ended by itself */
  constructor(private readonly trouble: (why: string) => void) {}

  /** Cheap when nothing changed: to be called regularly. */
  want(addresses: readonly string[], now: number): void {
    const wanted = [...addresses].sort();
    const keepsAll = this.asking.every((address) => wanted.includes(address));
    if (keepsAll && wanted.length === this.asking.length) return;
    // One that ended by itself leaves an empty list.
    const hasGrown = keepsAll && this.asking.length > 0;
    if (now - this.lastStart < (hasGrown ? calm.grown : calm.changed)) return;
    this.lastStart = now;
    this.replace(wanted);
  }

  /** What was answered, or not, since the last time. */
  results(): PingResult[] {
    return this.current === null && this.leaving.size === 0 ? [] : this.pipe.read();
  }

  stop(): void {
    this.current?.stop();
    for (const [old, timer] of this.leaving) {
      clearTimeout(timer);
      old.stop();
    }
    this.pipe.close();
  }

  private replace(wanted: readonly string[]): void {
    const old = this.current;
    if (old !== null)
      this.leaving.set(
        old,
        setTimeout(() => this.leave(old), overlap),
      );
    this.asking = wanted;
    this.current = null;
    if (wanted.length === 0) return;
    const next: Fping = new Fping(wanted, this.pipe.input, (why) => {
      if (this.current !== next) return;
      this.current = null;
      // Asked again at the next `want` that comes after the calm time.
      this.asking = [];
      this.trouble(why);
    });
    this.current = next;
  }

  private leave(old: Fping): void {
    this.leaving.delete(old);
    old.stop();
  }
}
