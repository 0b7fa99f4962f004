import { setTimeout as sleep } from "node:timers/promises";
import type { VpnEyes } from "./eyes.js";
import { disagreements, type Sight, type World } from "./world.js";

/** Milliseconds for which everybody goes on agreeing before it counts. */
const calm = 700;
const pause = 150;

/** How everybody came to agree. */
export interface Settled {
  /** Milliseconds until all agreed for good; null where they did not in time. */
  readonly after: number | null;
  /** What was seen otherwise at the last look. */
  readonly wrong: readonly string[];
  /** What was seen otherwise when last anything was: what the time went on. */
  readonly late: readonly string[];
  /** The last look. */
  readonly sight: Sight;
}

/** Waits until everybody sees what is true. @param since by performance.now() @param patience milliseconds from then on */
export async function settle(
  world: World,
  eyes: VpnEyes,
  { since, patience, signal }: { since: number; patience: number; signal: AbortSignal },
): Promise<Settled> {
  let agreed: number | null = null;
  let late: readonly string[] = [];
  for (;;) {
    const at = performance.now();
    const sight = await eyes.look();
    const wrong = disagreements(world, sight);
    if (wrong.length > 0) [agreed, late] = [null, wrong];
    else agreed ??= at;
    if (agreed !== null && at - agreed >= calm) return { after: agreed - since, wrong, late, sight };
    if (agreed === null && at - since > patience) return { after: null, wrong, late, sight };
    await sleep(pause, undefined, { signal });
  }
}
