import type { Cluster } from "../../topology/cluster.js";

export interface Colour {
  readonly fill: string;
  /** Readable on it. */
  readonly text: string;
}

/** Dark beside light, so that a pair is told apart on a grey print too. */
const palette: readonly Colour[] = [
  { fill: "#1f4e79", text: "#ffffff" },
  { fill: "#f0b84a", text: "#1a1f24" },
  { fill: "#3f7d5a", text: "#ffffff" },
  { fill: "#d5c1e6", text: "#1a1f24" },
];

const nobody: Colour = { fill: "#8a949d", text: "#ffffff" };

/** The same node has the same colour all over the paper. */
export function colourOf({ nodes }: Pick<Cluster, "nodes">, name: string): Colour {
  const index = nodes.findIndex((node) => node.name === name);
  return palette[index < 0 ? -1 : index % palette.length] ?? nobody;
}
