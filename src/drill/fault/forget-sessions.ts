import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";
import { runOn } from "./on-machine.js";

/** The kernel's connection table loses every entry at once (conntrack(8)). */
export const forgetSessions = (role: NodeRole): Fault => ({
  undoing: "nothing is mended: each session is known again with its next beginning",
  on({ [role]: machine }) {
    return {
      ...{ text: `the connection table of ${machine} emptied`, machine, network: null },
      inject: atOnce(async ({ lab }) => {
        await runOn(lab.machine(machine), ["conntrack", "-F"]);
      }),
      undo: async () => undefined,
    };
  },
});
