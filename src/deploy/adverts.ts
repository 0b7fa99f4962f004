import { paths } from "../render/paths.js";
import type { Change } from "./change.js";

/** Advert intervals in milliseconds, before and after; null where a change does not touch them. */
export function advertChange(
  changes: readonly Change[],
): { readonly before: number; readonly after: number } | null {
  const topology = changes.find(({ path }) => path === paths.nodeJson);
  const [before, after] = [intervalIn(topology?.before?.body), intervalIn(topology?.after?.body)];
  return before === null || after === null || before === after ? null : { before, after };
}

/** The agent's copy of the topology may have been edited by hand: it is looked at, not trusted to be JSON. */
function intervalIn(body = ""): number | null {
  const interval = /"advertInterval":\s*(\d+)/.exec(body)?.[1];
  return interval === undefined ? null : Number(interval);
}

/**
 * Slower than this, and the standby may run out of patience before the first slow advert: it goes on waiting for what
 * it learned from the fast ones (RFC 9568, 6.1). From 20 ms to 1 s on a busy machine it took over in 4 of 12 applies,
 * from 20 to 100 ms in none of about 20.
 */
const mostSlowing = 5;

export function slowsAdvertsMuch(changes: readonly Change[]): boolean {
  const change = advertChange(changes);
  return change !== null && change.after > mostSlowing * change.before;
}
