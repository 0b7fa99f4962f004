import type { Finding } from "../../src/preflight/finding.js";
import type { Cluster, Node } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { nodeNamed } from "../../src/topology/select.js";
import { type Edit, edited } from "../topology/examples.js";

/** An example, edited, and its first node. */
export function subject(name: string, ...edits: readonly Edit[]): { cluster: Cluster; node: Node } {
  const { cluster, problems } = loadTopology(edited(name, ...edits));
  if (cluster === null) throw new Error(JSON.stringify(problems));
  return { cluster, node: nodeNamed(cluster, "lb-a") };
}

/** `STATUS PLACE: TEXT`, and behind an arrow the cure. */
export const shown = (found: readonly Finding[]): string[] =>
  found.map(
    ({ status, place, text, cure }) => `${status} ${place}: ${text}${cure === null ? "" : ` -> ${cure}`}`,
  );
