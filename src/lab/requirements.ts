import { accessSync, constants } from "node:fs";
import type { Cluster } from "../topology/cluster.js";
import { program } from "./program.js";
import { managementOutside } from "./vpn-management.js";

/** A program that the lab runs, and the Debian package that brings it. */
type Program = readonly [path: string, debianPackage: string];

const ofLoadBalancers: readonly Program[] = [
  ["/usr/sbin/keepalived", "keepalived"],
  ["/usr/sbin/haproxy", "haproxy"],
  ["/usr/sbin/iptables", "iptables"],
  ["/usr/sbin/conntrack", "conntrack"],
  ["/usr/sbin/conntrackd", "conntrackd"],
  ["/usr/sbin/ovs-vswitchd", "openvswitch-switch"],
  ["/usr/bin/osken-manager", "python3-os-ken"],
  ["/usr/sbin/ethtool", "ethtool"],
];

const ofVpnServers: readonly Program[] = [
  ["/usr/sbin/openvpn", "openvpn"],
  ["/usr/sbin/bird", "bird2"],
  ["/usr/sbin/ebtables-nft", "iptables"],
  ["/usr/bin/perl", "perl-base"],
];

const ofAll: readonly Program[] = [
  ["/usr/bin/tcpdump", "tcpdump"],
  ["/usr/bin/ping", "iputils-ping"],
  ["/usr/bin/fping", "fping"],
  ["/usr/bin/tini", "tini"],
  ["/usr/bin/openssl", "openssl"],
];

/** What a lab has. */
export interface Kinds {
  readonly nodes: boolean;
  readonly vpnServers: boolean;
}

/** What keeps this machine from running a lab, as one sentence with its cure; null when nothing does. */
export function missing(
  isRoot: boolean,
  exists: (path: string) => boolean,
  { nodes, vpnServers }: Kinds = { nodes: true, vpnServers: false },
): string | null {
  if (!isRoot) return "a lab makes network namespaces, which only root may: run this command with sudo";
  const engines = [...(nodes ? ofLoadBalancers : []), ...(vpnServers ? ofVpnServers : []), ...ofAll];
  const absent = engines.filter(([path]) => !exists(path));
  if (absent.length > 0) {
    const packages = [...new Set(absent.map(([, name]) => name))].join(" ");
    return `the lab needs ${absent.map(([path]) => path).join(", ")}: run 'apt-get install --no-install-recommends ${packages}'`;
  }
  if (vpnServers && !exists("/dev/net/tun"))
    return "the VPN servers of the lab need /dev/net/tun: run 'modprobe tun', or give this container the device";
  if (!exists(program.supervisor)) return "the lab runs the built program: run 'npm run build' first";
  return null;
}

/** Throws what is missing on this machine for the lab of a cluster. */
export function checkRequirements({ nodes, vpn }: Cluster): void {
  const kinds = { nodes: nodes.length > 0, vpnServers: vpn !== null };
  const lack = missing(process.getuid?.() === 0, isThere, kinds);
  const outside = (vpn?.servers ?? []).flatMap((server) => managementOutside(server) ?? []);
  for (const reason of [...(lack === null ? [] : [lack]), ...outside]) throw new Error(reason);
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
