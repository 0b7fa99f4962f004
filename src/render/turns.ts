import type { Family, Service } from "../topology/cluster.js";
import { candidates } from "./candidates.js";

/** A cycle longer than this is shortened: the kernel walks half of its rules for each new session in the mean. */
const longestCycle = 256;

interface Share {
  readonly name: string;
  /** Its turns in one cycle. */
  readonly turns: number;
}

/**
 * Who gets each new session of a `nat` service with `balance: roundrobin`: one cycle, after which it begins again. A
 * server has as many turns as its weight is worth among those that are up, at least one, and as far apart as they can
 * be. Empty when no server is up.
 */
export function turns(service: Service, family: Family, up: ReadonlySet<string>): string[] {
  const serving = candidates(service, family, up).filter(({ name }) => up.has(name));
  return interleaved(shares(serving));
}

/** Weights in their lowest terms; where that makes too long a cycle, rounded to one that is not. */
function shares(servers: readonly { readonly name: string; readonly weight: number }[]): Share[] {
  const divisor = servers.reduce((common, { weight }) => greatestCommonDivisor(weight, common), 0);
  const length = servers.reduce((sum, { weight }) => sum + weight, 0) / divisor;
  const scale = Math.min(1, longestCycle / length) / divisor;
  return servers.map(({ name, weight }) => ({ name, turns: Math.max(1, Math.round(weight * scale)) }));
}

/**
 * Smooth weighted round robin, as nginx has it: each turn everybody is owed its share, who is owed the most has the turn
 * and pays for the whole round. Equal servers alternate in the order in which they are written.
 */
function interleaved(servers: readonly Share[]): string[] {
  const length = servers.reduce((sum, share) => sum + share.turns, 0);
  const owed = servers.map(() => 0);
  return Array.from({ length }, () => {
    let chosen = 0;
    for (const [index, share] of servers.entries()) {
      owed[index] = (owed[index] ?? 0) + share.turns;
      if ((owed[index] ?? 0) > (owed[chosen] ?? 0)) chosen = index;
    }
    owed[chosen] = (owed[chosen] ?? 0) - length;
    return servers[chosen]?.name ?? "";
  });
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);
