import { canonical, digestOf, type Generation, nextGeneration, sha256 } from "../deploy/generation.js";
import { type NodePlan, planNode } from "../deploy/plan.js";
import { readPresent } from "../deploy/present.js";
import type { Host } from "../host/host.js";
import type { RenderedFile } from "../render/file.js";
import { renderNode } from "../render/render.js";
import type { Cluster } from "../topology/cluster.js";
import { nodeNamed } from "../topology/select.js";

/** All nodes that are reached, by name. */
export type Hosts = ReadonlyMap<string, Host>;

/** What an apply would do to every node. */
export interface FleetPlan {
  readonly cluster: string;
  readonly generation: Generation;
  /** In the topology's order. */
  readonly nodes: readonly NodePlan[];
  readonly isEmpty: boolean;
  /** The same for the same topology, program and state of the nodes: a plan that was looked at is the one carried out. */
  readonly digest: string;
}

/** Reads all nodes and compares them with what the cluster wants. Changes nothing. */
export async function planFleet(cluster: Cluster, hosts: Hosts, programVersion: string): Promise<FleetPlan> {
  const stands = await Promise.all(
    [...hosts].map(async ([name, host]) => {
      const files = renderNode(cluster, nodeNamed(cluster, name));
      return { name, files, present: await readPresent(host, files) };
    }),
  );
  const generation = nextGeneration(
    stands.map(({ present }) => present),
    digestOf(cluster, programVersion),
  );
  const nodes = stands.map(({ name, files, present }) => planNode(name, cluster, files, present, generation));
  return {
    cluster: cluster.name,
    generation,
    nodes,
    isEmpty: nodes.every((node) => node.isEmpty),
    digest: sha256(canonical(nodes)),
  };
}

export const filesOf = (cluster: Cluster, node: string): RenderedFile[] =>
  renderNode(cluster, nodeNamed(cluster, node));
