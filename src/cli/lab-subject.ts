import type { Subject } from "../drill/run.js";
import { moveTo } from "../fleet/switchover.js";
import type { Lab } from "../lab/lab.js";
import { nodeDown, observeNode } from "../observe/node.js";
import type { NodeState } from "../observe/state.js";

/** A lab as drills see it. */
export const subjectOf = (lab: Lab): Subject => ({
  lab,
  states: () => Promise.all(lab.cluster.nodes.map(({ name }) => stateOf(lab, name))),
  move: (from, to) => moveTo(lab.cluster, (name) => lab.machine(name).host, { from, to, aside: [] }),
});

async function stateOf(lab: Lab, name: string): Promise<NodeState> {
  try {
    return await observeNode(lab.machine(name).host, lab.cluster, name);
  } catch {
    return nodeDown(name); // Off, or booting: what it is not, the drill waits for.
  }
}
