import type { Host } from "../host/host.js";
import { type Prepared, prepare } from "./apply.js";
import { type Generation, generationPaths } from "./generation.js";
import { journalPath } from "./journal.js";
import { keep } from "./keep.js";
import type { Patience } from "./patience.js";
import { type NodePlan, planNode } from "./plan.js";
import { readPresent } from "./present.js";
import type { Render, Rendered } from "./rendered.js";
import type { Proposal } from "./transaction.js";
import { recover } from "./undo.js";

/** A proposed change of one node, looked at but not begun. */
export interface Looked {
  readonly rendered: Rendered;
  readonly plan: NodePlan;
}

/** How one node gets to a generation and back: what its participant does to the machine. */
export class NodeChange {
  constructor(
    private readonly parts: {
      readonly node: string;
      readonly host: Host;
      readonly programVersion: string;
      readonly render: Render;
      readonly patience: Patience;
    },
  ) {}

  /** Compares the topology with what stands. Changes nothing. */
  async look(topology: string, generation: Generation): Promise<Looked> {
    const { node, host, render } = this.parts;
    const rendered = await render(topology);
    const present = await readPresent(host, rendered.files, rendered.cluster);
    return { rendered, plan: planNode(node, rendered.cluster, rendered.files, present, generation) };
  }

  /** Stages and asks the engines. Throws a RefusedError with all that they refuse. */
  stage({ rendered, plan }: Looked, { author, message }: Proposal, topology: string): Promise<Prepared> {
    const { node, host, programVersion: program, patience } = this.parts;
    const { cluster, files } = rendered;
    const note = { author, message, program, topology };
    return prepare(
      host,
      plan,
      { cluster, files, note, node: cluster.nodes.find(({ name }) => name === node) ?? null },
      patience,
    );
  }

  /** Removes whatever was staged for these files, and for a change's own, and never put in place. */
  async discard(paths: readonly string[]): Promise<void> {
    for (const path of [...paths, journalPath, generationPaths.current]) await this.parts.host.unstage(path);
  }

  keep(): Promise<void> {
    return keep(this.parts.host);
  }

  /** Puts everything back that the journal remembers; says whether there was one. */
  undo(): Promise<boolean> {
    return recover(this.parts.host);
  }
}
