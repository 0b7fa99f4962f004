import { createHash } from "node:crypto";
import { versionsOf } from "../agent/preflight/installed.js";
import { type About, agreed } from "../drill/about.js";
import type { Lab } from "../lab/lab.js";
import { engines } from "../preflight/engines.js";
import type { Cluster } from "../topology/cluster.js";
import { type Machine, machinesOf } from "../topology/machines.js";
import { programVersion } from "./version.js";

/** What a paper on drills names of a node; what looks at it while they run is the lab's own. */
const named = ["keepalived", "haproxy", "conntrackd", "iptables", "kernel"];

const ofVpnServer = [
  { name: "openvpn", argv: ["openvpn", "--version"] },
  { name: "bird", argv: ["bird", "--version"] },
  ...engines.filter(({ name }) => name === "kernel"),
];

/**
 * Asked before the first drill, while every machine is on.
 *
 * @param text of the topology
 * @param seed of random faults
 */
export async function aboutRun(lab: Lab, text: string, seed: number | null): Promise<Omit<About, "ended">> {
  const begun = new Date().toISOString();
  const installed = await Promise.all(
    machinesOf(lab.cluster).map(async (machine) => ({
      machine: machine.name,
      versions: await versionsOf(lab.machine(machine.name).host, programsOf(lab.cluster, machine)),
    })),
  );
  return {
    where: "lab",
    begun,
    topologyDigest: createHash("sha256").update(text).digest("hex"),
    versions: { holdfast: programVersion, ...agreed(installed), node: process.versions.node },
    seed,
  };
}

const programsOf = (cluster: Cluster, { kind }: Machine) =>
  kind === "node"
    ? engines.filter(({ name, neededBy }) => named.includes(name) && neededBy(cluster))
    : ofVpnServer;
