import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";

/** A node's power is lost: nothing says goodbye. */
export const power = (role: NodeRole): Fault => ({
  undoing: "it is switched on again",
  on(situation) {
    const machine = situation[role];
    return {
      ...{ text: `${machine} off`, machine, network: null },
      inject: atOnce(({ lab }) => lab.faults.powerOff(machine)),
      undo: ({ lab }) => lab.faults.powerOn(machine),
    };
  },
});
