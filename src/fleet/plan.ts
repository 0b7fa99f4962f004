import { canonical, type Generation, isSame, nextGeneration, sha256 } from "../deploy/generation.js";
import type { Participant } from "../deploy/participant.js";
import { type NodePlan, planDigest } from "../deploy/plan.js";
import type { Rendered } from "../deploy/rendered.js";
import type { Survey } from "../deploy/transaction.js";
import { seconds, within } from "./time-limit.js";

/** A node that takes no part, by name or because an operator took it out of service. */
export interface LeftOut {
  readonly node: string;
  readonly why: "left out" | "in maintenance";
}

/** What an apply would do to every node. */
export interface FleetPlan {
  readonly cluster: string;
  readonly generation: Generation;
  /** In the topology's order. */
  readonly nodes: readonly NodePlan[];
  /** Nodes of the topology that take no part. */
  readonly without: readonly LeftOut[];
  readonly isEmpty: boolean;
  /** The same for the same topology, program and state of the nodes: a plan that was looked at is the one carried out. */
  readonly digest: string;
}

/** What is to run everywhere: the text as it was written, and what this node makes of it. */
export interface Wanted {
  readonly topology: string;
  readonly rendered: Rendered;
}

/** Milliseconds that a node is given to render the topology and compare. */
const patience = 20_000;

/** Asks every node what the topology would change there. Changes nothing. @param surveys what the same nodes said of themselves */
export async function planNodes(
  { topology, rendered }: Wanted,
  participants: readonly Participant[],
  surveys: readonly Survey[],
  without: readonly LeftOut[] = [],
): Promise<FleetPlan> {
  const generation = nextGeneration(surveys, rendered.digest);
  const nodes = await Promise.all(
    participants.map((participant) =>
      within(
        patience,
        participant.plan(topology, generation),
        `${participant.node}: no plan within ${seconds(patience)}`,
      ),
    ),
  );
  return { ...fleetPlan(rendered.cluster.name, generation, nodes), without };
}

const fleetPlan = (
  cluster: string,
  generation: Generation,
  nodes: readonly NodePlan[],
): Omit<FleetPlan, "without"> => ({
  cluster,
  generation,
  nodes,
  isEmpty: nodes.every((node) => node.isEmpty && isSame(node.from, node.to)),
  digest: sha256(canonical(nodes.map(planDigest))),
});
