import type { Command } from "commander";
import type { Host } from "../host/host.js";
import type { Cluster } from "../topology/cluster.js";
import { type ClusterOptions, UserError } from "./context.js";
import { labOption } from "./topology-file.js";

/** Where the nodes are: exactly one of the two. */
export interface ReachOptions extends ClusterOptions {
  /** The name of the node that this machine is. */
  readonly here?: string;
}

export const reachOptions = (command: Command): Command =>
  labOption(command).option("--here <node>", "this machine is that node; the others are left alone");

/** The doors of the nodes that the options name, in the topology's order. */
export async function reachNodes(
  cluster: Cluster,
  { lab, here }: ReachOptions,
): Promise<ReadonlyMap<string, Host>> {
  if (lab && here !== undefined) throw new UserError("--lab and --here are two places; give one of them");
  if (lab) return reachLab(cluster);
  if (here !== undefined) return reachHere(cluster, here);
  throw new UserError(
    "nodes cannot be reached over the network yet: run this on each node with '--here NODE', " +
      "or for the lab of this topology on this machine with '--lab'",
  );
}

async function reachLab(cluster: Cluster): Promise<Map<string, Host>> {
  const { openLab } = await import("../lab/open.js");
  const lab = openLab(cluster.name);
  return new Map(cluster.nodes.map(({ name }) => [name, lab.machine(name).host]));
}

/** The same, with null for a node of the lab that is off: who only looks can say so and go on. */
export async function reachWhatRuns(
  cluster: Cluster,
  options: ReachOptions,
): Promise<ReadonlyMap<string, Host | null>> {
  if (!options.lab || options.here !== undefined) return reachNodes(cluster, options);
  const { openLab } = await import("../lab/open.js");
  const lab = openLab(cluster.name);
  return new Map(
    cluster.nodes.map(({ name }): [string, Host | null] => {
      try {
        return [name, lab.machine(name).host];
      } catch {
        return [name, null];
      }
    }),
  );
}

async function reachHere(cluster: Cluster, here: string): Promise<Map<string, Host>> {
  if (!cluster.nodes.some(({ name }) => name === here)) {
    const names = cluster.nodes.map(({ name }) => name).join(", ");
    throw new UserError(`there is no node ${here}; the nodes are ${names}`);
  }
  if (process.getuid?.() !== 0)
    throw new UserError("a node's files and engines belong to root: run this with sudo");
  const { thisMachine } = await import("../host/this-machine.js");
  return new Map([[here, thisMachine()]]);
}
