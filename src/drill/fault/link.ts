import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";

/** A node's cable towards the first service's switches is pulled: it sees that its carrier is gone. */
export const link = (role: NodeRole): Fault => ({
  undoing: "the link is up again",
  on({ [role]: machine, network }) {
    return {
      ...{ text: `link ${machine} - ${network} down`, machine, network },
      inject: atOnce(({ lab }) => lab.faults.linkDown(machine, network)),
      undo: ({ lab }) => lab.faults.linkUp(machine, network),
    };
  },
});
