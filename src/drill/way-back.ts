import type { Recovery } from "./drill.js";
import type { Measurement } from "./measurement.js";
import { ms } from "./milliseconds.js";

/** What was seen of the way back that is not as it should be: clauses. */
export function wayBackTroubles(seen: Measurement["recovery"], most: Recovery): string[] {
  const atMost = (what: string, value: number, limit: number): string[] =>
    value > limit + seen.noise ? [`${what} for ${ms(value)} (at most ${ms(limit)})`] : [];
  return [
    ...atMost("a virtual IP was silent", seen.addressOutage, most.addressOutageAtMost),
    ...atMost("the service was silent", seen.serviceOutage, most.serviceOutageAtMost),
    ...(seen.moves > most.movesAtMost
      ? [`the virtual IPs moved ${seen.moves} times (at most ${most.movesAtMost})`]
      : []),
    ...atMost("there were two owners", seen.twoOwners, most.twoOwnersAtMost),
  ];
}
