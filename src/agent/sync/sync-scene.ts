import type { VrrpState } from "../../observe/state.js";
import type { Beat } from "../beats/beat.js";
import type { Scene } from "./look.js";

/**
 * Who holds the virtual IPs, as this node's keepalived and the live peers' beats say. Of a node whose keepalived has not
 * spoken nobody knows, unless a peer is active.
 */
export function sceneOf(roles: ReadonlyMap<string, VrrpState>, live: readonly Beat[]): Scene {
  const peer = live.find(({ networks }) => Object.values(networks).some(({ vrrp }) => vrrp === "master"));
  const words = live.flatMap(({ sync }) => sync ?? []);
  return {
    role: roleOf([...roles.values()], peer !== undefined),
    active: peer === undefined ? null : { node: peer.node, word: peer.sync },
    isSpokenTo: words.some(({ instance }) => instance !== 0),
    isWaitedFor: words.some(({ pending }) => pending),
  };
}

/** The instances of one node move together: one that is master already says where the others go. */
function roleOf(roles: readonly VrrpState[], isPeerActive: boolean): Scene["role"] {
  if (roles.includes("master")) return "active";
  const isElsewhere = roles.some((role) => role === "backup" || role === "fault");
  return isElsewhere || isPeerActive ? "standby" : "unknown";
}
