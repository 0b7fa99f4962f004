import { readFileSync } from "node:fs";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";

/** The topologies that have a golden tree. */
export const examples = ["pair", "campus-routed", "dual-stack", "by-turns", "shared-master"] as const;

/** Those of VPN servers. */
export const vpnExamples = ["overlay"] as const;

export type Example = (typeof examples | typeof vpnExamples)[number];

/** The cluster of examples/NAME.yaml. */
export function exampleCluster(name: Example): Cluster {
  const text = readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), "utf8");
  const { cluster, problems } = loadTopology(text);
  if (cluster === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  return cluster;
}
