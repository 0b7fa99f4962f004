import type { RenderedFile } from "../render/file.js";
import type { Cluster } from "../topology/cluster.js";

/** A topology as one node understands it. */
export interface Rendered {
  readonly cluster: Cluster;
  /** This node's, sorted by path. */
  readonly files: readonly RenderedFile[];
  /** Of topology and program version: the same on every node. */
  readonly digest: string;
}

/** Renders a topology's text for this node. Rejects with a TopologyError, or when this node is no part of it. */
export type Render = (topology: string) => Promise<Rendered>;

/** The topology is not valid. The message lists each problem on its own line as `LINE:COLUMN path: message`. */
export class TopologyError extends Error {}
