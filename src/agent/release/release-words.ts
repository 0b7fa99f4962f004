import type { Release } from "./release.js";

/** What became of the sessions, in a clause. */
export function releaseWords({ found, released, servers, milliseconds, beyond }: Release): string {
  const sessions = (count: number): string => `${count} ${count === 1 ? "session" : "sessions"}`;
  const rest = found - released;
  return [
    `${sessions(released)} of the node before ${released === 1 ? "was" : "were"} released, all told within ${milliseconds} ms`,
    ...(servers.found === 0 ? [] : [`${servers.released} of ${servers.found} by their servers too`]),
    ...(rest === 0 ? [] : [`the holders of ${rest} did not answer`]),
    ...(beyond === 0 ? [] : [`${beyond} more were left: too many at once`]),
  ].join("; ");
}
