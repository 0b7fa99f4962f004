import type { Beat } from "./beat.js";
import type { Decision } from "./decide.js";
import type { PeerState } from "./peer-state.js";

/** The likeliest cause of a new role, from what was known the moment it was reported. */
export function causeOf(
  role: string,
  own: Decision,
  freshPeers: readonly Pick<Beat, "node" | "yielding" | "faults">[],
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

/** What was known at that moment, in sentences. */
export function evidenceOf(
  own: Decision,
  peers: readonly PeerState[],
  expected: readonly string[],
): string[] {
  const never = expected.filter((name) => !peers.some((peer) => peer.name === name));
  return [
    `This node ${own.yield ? "yields" : "does not yield"}: ${own.why}.`,
    ...peers.map(({ name, age, faults, yielding }) => {
      const trouble = faults.length === 0 ? "no fault" : faults.join(", ");
      return `${name} was heard ${age} ms before, with ${trouble}${yielding ? ", yielding" : ""}.`;
    }),
    ...never.map((name) => `${name} was never heard.`),
  ];
}
