import { type FrameMatch, forwarding } from "./fabric-filter.js";
import type { Layout, MachinePlan } from "./layout-plan.js";

/**
 * What is between two VPN servers stops passing, or passes again. The bridge that carries their link refuses it, so that it
 * stays so whatever becomes of the two machines.
 */
export async function betweenServers(
  layout: Layout,
  server: MachinePlan,
  other: MachinePlan,
  state: "cut" | "whole",
): Promise<void> {
  for (const { name, kind } of [server, other])
    if (kind !== "vpn-server") throw new Error(`${name} is no VPN server`);
  if (server.name === other.name) throw new Error(`there is nothing between ${server.name} and itself`);
  const words = [...wordsOf(server, other), ...wordsOf(other, server)];
  await forwarding(layout, words, state === "cut" ? "refused" : "passed");
}

/** One match for each pair of their addresses. */
function wordsOf(from: MachinePlan, to: MachinePlan): FrameMatch[] {
  const addresses = ({ ports }: MachinePlan) => ports.flatMap((port) => port.addresses);
  return addresses(from).flatMap((one) =>
    addresses(to)
      .filter(({ family }) => family === one.family)
      .map(({ address }) =>
        one.family === 4
          ? ["-p", "IPv4", "--ip-src", one.address, "--ip-dst", address]
          : ["-p", "IPv6", "--ip6-src", one.address, "--ip6-dst", address],
      ),
  );
}
