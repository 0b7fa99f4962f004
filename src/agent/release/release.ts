import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "../../host/host.js";
import type { Suspect, Suspects } from "./stale.js";
import { findStale, mostReleased } from "./stale-sessions.js";
import { tell } from "./tell.js";

/** What became of the stale sessions that a node found when it took over. */
export interface Release {
  /** Sessions that clients held with the node before. */
  readonly found: number;
  /** Those that their clients have let go. */
  readonly released: number;
  /** The same of sessions that servers held, where they see their clients' own addresses. */
  readonly servers: { readonly found: number; readonly released: number };
  /** From the takeover until the last of the first round was told. */
  readonly milliseconds: number;
  /** Holders that were too many to be told. */
  readonly beyond: number;
}

/** Milliseconds. */
const pauses = {
  /** To the next round: long enough for an answer by any way. */
  again: 1_000,
  /** After a failure. */
  retry: 100,
};

/** Rounds of which one after the other may fail: a second and a half in all. */
const attempts = 15;

/** What a release depends on. */
export interface Scene {
  /** Still the owner. */
  isOurs(): boolean;
  failed(why: string): void;
}

/**
 * Tells the holders of all stale sessions at once, and once more after a second those who did not let go, for packets
 * that were lost; a last look says how many still have not. Null when there was nothing to release, or the node lost
 * the virtual IPs before it could see what came of it.
 */
export async function release(
  host: Pick<Host, "run">,
  suspects: readonly Suspects[],
  { isOurs, failed }: Scene,
): Promise<Release | null> {
  const begun = performance.now();
  const seen = new Map<string, Suspect>();
  let left: readonly Suspect[] = [];
  let [looks, beyond, milliseconds] = [0, 0, 0];
  for (let round = 0; round < 3 && isOurs(); round++) {
    if (round > 0) await sleep(pauses.again, undefined, { ref: false });
    const found = await persistently(() => tellStale(host, suspects, round < 2), { isOurs, failed });
    if (found === null) break;
    looks++;
    for (const suspect of found.stale) seen.set(suspect.socket, suspect);
    left = found.stale;
    beyond = Math.max(beyond, found.beyond);
    if (round === 0) milliseconds = Math.round(performance.now() - begun);
    if (round > 0 && left.length === 0) break;
  }
  if (seen.size === 0 || looks < 2) return null;
  const count = (holder: Suspect["holder"]) => counted([...seen.values()], left, holder);
  return { ...count("client"), servers: count("server"), milliseconds, beyond };
}

function counted(seen: readonly Suspect[], left: readonly Suspect[], holder: Suspect["holder"]) {
  const of = (some: readonly Suspect[]): number => some.filter((one) => one.holder === holder).length;
  return { found: of(seen), released: of(seen) - of(left) };
}

/** The sender starts while the sessions are still being looked for: that takes as long. */
async function tellStale(host: Pick<Host, "run">, suspects: readonly Suspects[], telling: boolean) {
  const looking = findStale(host, suspects);
  const told = telling ? tell(host, ways(looking), mostReleased) : looking;
  const [found] = await Promise.all([looking, told]);
  return found;
}

async function* ways(looking: Promise<{ readonly stale: readonly Suspect[] }>) {
  for (const { way } of (await looking).stale) yield way;
}

/** Null when it is no longer to be done, or never could be. */
async function persistently<T>(work: () => Promise<T>, { isOurs, failed }: Scene): Promise<T | null> {
  for (let attempt = 1; isOurs(); attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 1 || attempt === attempts)
        failed(error instanceof Error ? error.message : String(error));
      if (attempt === attempts) return null;
      await sleep(pauses.retry, undefined, { ref: false });
    }
  }
  return null;
}
