import { paths } from "../../render/paths.js";
import { Fping, type PingResult } from "./fping.js";
import { PingPipe } from "./ping-pipe.js";

/** Milliseconds between two changes of the list, and before fping is started again after it ended by itself. */
const calm = 2_000;

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
    const same = wanted.length === this.asking.length && wanted.every((a, i) => a === this.asking[i]);
    if (same || now - this.lastStart < calm) return;
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
