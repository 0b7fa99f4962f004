import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";

/** A daemon reads its configuration again, asked by the node's own services. */
export const reload = (role: NodeRole, daemon: string): Fault => ({
  undoing: "nothing is mended: it runs as before",
  on({ [role]: machine }) {
    return {
      ...{ text: `reload of ${daemon} on ${machine}`, machine, network: null },
      inject: atOnce(({ lab }) => lab.machine(machine).host.services.reload(daemon)),
      undo: async () => undefined,
    };
  },
});
