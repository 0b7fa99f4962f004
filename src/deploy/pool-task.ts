import { bodyChanges, type Change } from "./change.js";
import { differInServersAlone, poolOf } from "./pool.js";
import { differencesOf } from "./pool-differences.js";
import { parseLivePool } from "./pool-live.js";

/** What it takes for HAProxy to serve its file: `live` changes servers while it runs. */
export type PoolTask = "nothing" | "live" | "reload";

/**
 * @param change what happens to haproxy.cfg, if anything
 * @param wanted how it is to be
 * @param answer what HAProxy says of its servers; null when it does not answer
 */
export function poolTask(change: Change | undefined, wanted: string, answer: string | null): PoolTask {
  const changes = change !== undefined && bodyChanges(change);
  if (changes && !differInServersAlone(change.before?.body ?? "", wanted)) return "reload";
  const pool = poolOf(wanted);
  if (answer === null || pool === null) return changes ? "reload" : "nothing";
  const differences = differencesOf(pool, parseLivePool(answer));
  if (differences.length === 0) return "nothing";
  return differences.every(({ command }) => command !== null) ? "live" : "reload";
}
