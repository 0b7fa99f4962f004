import { hash } from "./buckets.js";

/**
 * HAProxy places a server of a consistent hash at `hash(id * 4096 + n)` in 32 bits (2.6: SRV_EWGHT_RANGE), so that ids
 * which are equal modulo 2^20 would share every place. Below that, no two servers share one.
 */
const limit = 2 ** 20;

/**
 * An id for each server of a service, from its name alone: a server keeps its place in the hash whatever file or
 * command it came by, whatever other servers there are, and in whatever order they are written. Of two names that hash
 * alike the one first in the alphabet keeps its id.
 */
export function serverIds(names: readonly string[]): Map<string, number> {
  const taken = new Set<number>();
  const ids = new Map<string, number>();
  for (const name of names.toSorted()) {
    let id = firstId(name);
    while (taken.has(id)) id = (id % (limit - 1)) + 1;
    taken.add(id);
    ids.set(name, id);
  }
  return ids;
}

/** 1 to 2^20 - 1: HAProxy refuses 0. */
const firstId = (name: string): number => {
  const bits = hash(name);
  return (((bits >>> 12) ^ (bits & (limit - 1))) % (limit - 1)) + 1;
};
