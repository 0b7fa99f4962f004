import { type Prepared, prepare } from "../../src/deploy/apply.js";
import { digestOf, type GenerationNote, nextGeneration } from "../../src/deploy/generation.js";
import { keep } from "../../src/deploy/keep.js";
import { type NodePlan, planNode } from "../../src/deploy/plan.js";
import { readPresent } from "../../src/deploy/present.js";
import type { Host } from "../../src/host/host.js";
import type { RenderedFile } from "../../src/render/file.js";
import { renderNode } from "../../src/render/render.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { nodeNamed } from "../../src/topology/select.js";

const rendered = new Map<string, RenderedFile[]>();

/** Rendering is pure: hundreds of applies of the same cluster share it. */
export function filesFor(cluster: Cluster, node: string): RenderedFile[] {
  const key = JSON.stringify([node, cluster]);
  const files = rendered.get(key) ?? renderNode(cluster, nodeNamed(cluster, node));
  rendered.set(key, files);
  return files;
}

const impatient = { timeout: 3, pause: 1 };

export async function planFor(host: Host, cluster: Cluster, node = "lb-a"): Promise<NodePlan> {
  const files = filesFor(cluster, node);
  const present = await readPresent(host, files, cluster);
  return planNode(
    node,
    cluster,
    files,
    present,
    nextGeneration([{ ...present, proposed: 0 }], digestOf(cluster, "test")),
  );
}

export async function prepareFor(
  host: Host,
  cluster: Cluster,
  node = "lb-a",
  note?: GenerationNote,
): Promise<Prepared> {
  const target = {
    cluster,
    node: nodeNamed(cluster, node),
    files: filesFor(cluster, node),
    ...(note && { note }),
  };
  return prepare(host, await planFor(host, cluster, node), target, impatient);
}

export const commitFor = async (host: Host, cluster: Cluster, node = "lb-a"): Promise<void> =>
  (await prepareFor(host, cluster, node)).commit();

export const deploy = async (
  host: Host,
  cluster: Cluster,
  node = "lb-a",
  note?: GenerationNote,
): Promise<void> => {
  await (await prepareFor(host, cluster, node, note)).commit();
  await keep(host);
};
