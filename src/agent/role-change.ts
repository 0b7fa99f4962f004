import type { Beat } from "./beat.js";
import type { Decision } from "./decide.js";

/** The likeliest cause of a new role, from what was known the moment it was reported. */
export function causeOf(
  role: string,
  own: Decision,
  freshPeers: readonly Beat[],
  expected: readonly string[],
): string {
  if (role === "master") {
    const yielding = freshPeers.find((peer) => peer.yielding);
    if (yielding) return `${yielding.node} yields: ${yielding.faults.join(", ")}`;
    const silent = expected.filter((name) => !freshPeers.some(({ node }) => node === name));
    if (silent.length > 0) return `${silent.join(" and ")} not heard`;
    return "keepalived's own election";
  }
  return own.yield ? `this node yields: ${own.why}` : "keepalived's own election";
}
