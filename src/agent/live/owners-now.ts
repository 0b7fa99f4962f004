import type { LiveOwners } from "../../api/live.js";
import type { VrrpState } from "../../observe/state.js";
import type { Beat } from "../beats/beat.js";

/** What a node knows without asking anybody: keepalived's word, and the last beat of each peer that is heard. */
export interface Known {
  readonly node: string;
  readonly roles: ReadonlyMap<string, VrrpState>;
  readonly beats: readonly Beat[];
}

export function ownersNow({ node, roles, beats }: Known): Pick<LiveOwners, "networks" | "heard"> {
  const networks = [...roles].map(([network, role]): [string, string[]] => [
    network,
    [
      ...(role === "master" ? [node] : []),
      ...beats.flatMap((beat) => (beat.networks[network]?.vrrp === "master" ? beat.node : [])),
    ].sort(),
  ]);
  return {
    networks: Object.fromEntries(networks),
    heard: [node, ...beats.map((beat) => beat.node)].sort(),
  };
}
