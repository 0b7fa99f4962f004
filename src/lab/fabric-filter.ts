import { runner } from "../host/run.js";
import type { Cluster } from "../topology/cluster.js";
import { must } from "./command.js";
import type { Layout, MachinePlan } from "./layout-plan.js";
import { fabricOf } from "./names.js";
import { portsOn } from "./wiring.js";

/** What a rule of the bridges' filter matches, as ebtables(8) takes it. */
export type FrameMatch = readonly string[];

/**
 * What the bridges refuse to forward, or forward again. It stays refused whatever becomes of the machines, and however
 * often it is asked for one word takes it back.
 */
export async function forwarding(
  { cluster }: Layout,
  matches: readonly FrameMatch[],
  state: "refused" | "passed",
): Promise<void> {
  const enter = ["nsenter", `--net=/run/netns/${fabricOf(cluster)}`, "--"];
  const rules = matches.map((match) => [...match, "-j", "DROP"]);
  // Once each, however often it is refused; one that is not there need not go.
  for (const rule of rules) await runner(enter)([ebtables, "-D", "FORWARD", ...rule]);
  if (state === "passed") return;
  // All from one moment on.
  const lines = ["*filter", ...rules.map((rule) => ["-A", "FORWARD", ...rule].join(" "))];
  await must([...enter, `${ebtables}-restore`, "--noflush"], { stdin: `${lines.join("\n")}\n` });
}

/** Of Debian's package iptables. */
const ebtables = "/usr/sbin/ebtables-nft";

/** Every advert, whoever sends it. Protocol 112, RFC 9568, 5.1.1.4. */
export const adverts: readonly FrameMatch[] = [
  ["-p", "IPv4", "--ip-proto", "112"],
  ["-p", "IPv6", "--ip6-proto", "112"],
];

/** What is said unasked of virtual addresses: ARP from an address for itself (RFC 5227, 2.3), advertisements to all (RFC 4861, 7.2.6). */
export const announcements = ({ virtualIps }: Cluster): FrameMatch[] => [
  ...virtualIps.flatMap(({ addresses }) =>
    addresses
      .filter(({ family }) => family === 4)
      .map(({ address }) => ["-p", "ARP", "--arp-ip-src", address, "--arp-ip-dst", address]),
  ),
  ["-p", "IPv6", "--ip6-dst", "ff02::1", "--ip6-proto", "ipv6-icmp", "--ip6-icmp-type", "136"],
];

/** What a machine sends to networks, or what those have for it. */
export const oneWay = (machine: MachinePlan, networks: readonly string[], way: "out" | "in"): FrameMatch[] =>
  networks
    .flatMap((network) => portsOn(machine, network))
    .map(({ name }) => [way === "out" ? "-i" : "-o", name]);
