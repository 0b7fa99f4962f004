import { accessSync, constants } from "node:fs";
import { program } from "./program.js";

/** A program that the lab runs, and the Debian package that brings it. */
const engines: readonly (readonly [path: string, debianPackage: string])[] = [
  ["/usr/sbin/keepalived", "keepalived"],
  ["/usr/sbin/haproxy", "haproxy"],
  ["/usr/sbin/iptables", "iptables"],
  ["/usr/sbin/conntrack", "conntrack"],
  ["/usr/sbin/conntrackd", "conntrackd"],
  ["/usr/sbin/ovs-vswitchd", "openvswitch-switch"],
  ["/usr/bin/osken-manager", "python3-os-ken"],
  ["/usr/sbin/ethtool", "ethtool"],
  ["/usr/bin/tcpdump", "tcpdump"],
  ["/usr/bin/fping", "fping"],
  ["/usr/bin/ping", "iputils-ping"],
  ["/usr/bin/tini", "tini"],
  ["/usr/bin/openssl", "openssl"],
];

/** What keeps this machine from running a lab, as one sentence with its cure; null when nothing does. */
export function missing(isRoot: boolean, exists: (path: string) => boolean): string | null {
  if (!isRoot) return "a lab makes network namespaces, which only root may: run this command with sudo";
  const absent = engines.filter(([path]) => !exists(path));
  if (absent.length > 0) {
    const packages = absent.map(([, name]) => name).join(" ");
    return `the lab needs ${absent.map(([path]) => path).join(", ")}: run 'apt-get install --no-install-recommends ${packages}'`;
  }
  if (!exists(program.supervisor)) return "the lab runs the built program: run 'npm run build' first";
  return null;
}

/** Throws what is missing on this machine. */
export function checkRequirements(): void {
  const lack = missing(process.getuid?.() === 0, isThere);
  if (lack !== null) throw new Error(lack);
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
