import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";

/** Nothing passes between a node and the first service's switches, yet its carrier is up. */
export const path = (role: NodeRole): Fault => ({
  undoing: "everything passes again",
  on({ [role]: machine, network }) {
    return {
      ...{ text: `${machine} - ${network} passes nothing`, machine, network },
      inject: atOnce(({ lab }) => lab.faults.pathDead(machine, network)),
      undo: ({ lab }) => lab.faults.pathAlive(machine, network),
    };
  },
});
