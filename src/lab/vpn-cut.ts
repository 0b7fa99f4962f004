import { runner } from "../host/run.js";
import { must } from "./command.js";
import type { Layout, MachinePlan } from "./layout-plan.js";
import { fabricOf } from "./names.js";

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
  const enter = ["nsenter", `--net=/run/netns/${fabricOf(layout.cluster)}`, "--"];
  const words = [...wordsOf(server, other), ...wordsOf(other, server)];
  // Once each, however often it is cut; one that is not there need not go.
  for (const rule of words) await runner(enter)([ebtables, "-D", "FORWARD", ...rule]);
  if (state === "cut") for (const rule of words) await must([...enter, ebtables, "-A", "FORWARD", ...rule]);
}

/** Of Debian's package iptables. */
const ebtables = "/usr/sbin/ebtables-nft";

/** One rule for each pair of their addresses. */
function wordsOf(from: MachinePlan, to: MachinePlan): string[][] {
  const addresses = ({ ports }: MachinePlan) => ports.flatMap((port) => port.addresses);
  return addresses(from).flatMap((one) =>
    addresses(to)
      .filter(({ family }) => family === one.family)
      .map(({ address }) =>
        one.family === 4
          ? ["-p", "IPv4", "--ip-src", one.address, "--ip-dst", address, "-j", "DROP"]
          : ["-p", "IPv6", "--ip6-src", one.address, "--ip6-dst", address, "-j", "DROP"],
      ),
  );
}
