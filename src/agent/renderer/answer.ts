import { digestOf } from "../../deploy/generation.js";
import { renderMachine } from "../../render/render.js";
import { loadTopology } from "../../topology/load.js";
import { machinesOf } from "../../topology/machines.js";
import type { Problem } from "../../topology/problem.js";
import type { RenderAnswer, RenderQuestion } from "./question.js";

/** Parses, checks, resolves and renders. Takes about a second for the largest topologies. */
export function answer({ topology, node, programVersion, engines }: RenderQuestion): RenderAnswer {
  const { cluster, problems } = loadTopology(topology);
  if (cluster === null)
    return { problems: problems.filter(({ severity }) => severity === "error").map(sentence) };
  const self = machinesOf(cluster).find(({ name }) => name === node);
  if (self === undefined) return { problems: [notPart(node, cluster.name)] };
  return {
    cluster,
    files: renderMachine(cluster, self, engines),
    digest: digestOf(cluster, programVersion),
  };
}

const notPart = (node: string, cluster: string): string =>
  `${node} is no machine of this topology (cluster ${cluster}): ask an agent of one of its machines`;

function sentence({ path, position: { line, column }, message }: Problem): string {
  return `${line}:${column} ${path === "" ? "" : `${path}: `}${message}`;
}
