import { parseLivePool } from "./pool-live.js";

/** Open sessions of each service, by how they pass through the node. */
export interface Sessions {
  /** Through HAProxy: those of servers that only wait for their end count too. */
  readonly proxied: ReadonlyMap<string, number>;
  /** Through the kernel alone, of which no reload takes any notice. */
  readonly translated: ReadonlyMap<string, number>;
  /** Whether HAProxy said how many it has. */
  readonly counted: boolean;
}

/** @param pool what HAProxy says of its servers; null where it does not answer, or is somebody else's */
export function sessionsOf(pool: string | null, translated: ReadonlyMap<string, number>): Sessions {
  const live = pool === null ? [] : [...parseLivePool(pool)];
  const proxied = live
    .map(([service, servers]) => [service, servers.reduce((sum, own) => sum + own.sessions, 0)] as const)
    .filter(([service]) => !translated.has(service));
  return { proxied: new Map(proxied), translated, counted: pool !== null };
}

/** All of them. */
export const total = ({ proxied, translated }: Sessions): number =>
  [...proxied.values(), ...translated.values()].reduce((sum, count) => sum + count, 0);
