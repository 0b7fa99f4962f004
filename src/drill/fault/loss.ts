import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";

/** Of what passes on a node's link towards the first service's switches, so many percent are lost in each direction. */
export const loss = (role: NodeRole, percent: number): Fault => ({
  undoing: "nothing is lost any more",
  on({ [role]: machine, network }) {
    return {
      ...{ text: `${percent} % lost on ${machine} - ${network}`, machine, network },
      inject: atOnce(({ lab }) => lab.faults.lose(machine, network, percent)),
      undo: ({ lab }) => lab.faults.lose(machine, network, 0),
    };
  },
});
