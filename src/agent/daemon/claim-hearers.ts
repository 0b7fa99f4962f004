import type { RemoteMember } from "../../fleet/remote-member.js";
import type { Cluster } from "../../topology/cluster.js";
import type { ClaimHearer } from "../vpn/claim-spread.js";

/** Those of a cluster's other machines that are VPN servers, as they are told what is reached through this one's clients. */
export const claimHearers = (
  { vpn }: Cluster,
  members: readonly Pick<RemoteMember, "node" | "tellClaims">[],
): ClaimHearer[] =>
  members
    .filter(({ node }) => vpn?.servers.some(({ name }) => name === node))
    .map((member) => ({
      server: member.node,
      tellClaims: (message) => member.tellClaims(message),
    }));
