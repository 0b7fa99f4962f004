import type { Host } from "../../host/host.js";
import { LockError } from "../../host/lock.js";
import { deviationKey } from "../../observe/deviation.js";
import type { KeptGeneration } from "../../observe/kept-generation.js";
import { Attempts } from "./attempts.js";
import type { Drifted } from "./drift-ledger.js";
import { putBack } from "./put-back.js";

export interface HealListener {
  restored(item: Drifted): void;
  /** It could not be put back, or does not stay so: it is left as it is for ten minutes. Told once. */
  gaveUp(item: Drifted, why: string): void;
}

/** Files first: what is loaded next is read from them. */
const order: readonly Drifted["kind"][] = ["file", "rules", "setting", "route", "pool"];

/** Beyond it, somebody else is at it too: a fight with another tool is an alarm, not a loop. */
export const allowance = { times: 3, within: 600_000 };

/** Milliseconds after which what failed, or had to wait for others, is looked at again. */
const again = 5_000;

/** Puts back what drifted, each thing a few times at most. */
export class Healer {
  private readonly attempts = new Attempts(allowance);
  /** Why the last attempt failed. */
  private readonly failures = new Map<string, string>();
  private readonly givenUp = new Set<string>();

  constructor(
    private readonly host: Host,
    private readonly on: HealListener,
  ) {}

  /**
   * Under the machine's lock: while a change of all nodes is under way, nothing is put back.
   *
   * @returns milliseconds after which a new look is worth its while; null when nothing was touched
   */
  async heal(kept: KeptGeneration, items: readonly Drifted[]): Promise<number | null> {
    this.forgetAllBut(new Set(items.map(deviationKey)));
    const open = items.filter((item) => this.isOpen(item));
    if (open.length === 0) return null;
    try {
      return await this.host.lock(async () => {
        let well = true;
        for (const kind of order)
          for (const item of open) if (item.kind === kind) well = (await this.attempt(kept, item)) && well;
        return well ? 0 : again;
      });
    } catch (error) {
      if (error instanceof LockError) return again;
      throw error;
    }
  }

  private isOpen(item: Drifted): boolean {
    const key = deviationKey(item);
    if (this.attempts.mayTry(key, performance.now())) return true;
    if (!this.givenUp.has(key)) {
      this.givenUp.add(key);
      this.on.gaveUp(item, this.failures.get(key) ?? "it was put back three times and did not stay so");
    }
    return false;
  }

  private async attempt(kept: KeptGeneration, item: Drifted): Promise<boolean> {
    const key = deviationKey(item);
    this.attempts.tried(key, performance.now());
    this.givenUp.delete(key);
    try {
      await putBack(this.host, kept, item);
      this.failures.delete(key);
      this.on.restored(item);
      return true;
    } catch (error) {
      this.failures.set(key, error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /** What stands right again may drift anew, and is then told anew. */
  private forgetAllBut(present: ReadonlySet<string>): void {
    for (const key of this.givenUp) if (!present.has(key)) this.givenUp.delete(key);
    for (const key of this.failures.keys()) if (!present.has(key)) this.failures.delete(key);
  }
}
