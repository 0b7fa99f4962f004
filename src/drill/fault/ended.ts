import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";

/** A daemon dies, and whoever starts daemons again has given it up. */
export const ended = (role: NodeRole, daemon: string): Fault => ({
  undoing: "it is started",
  on({ [role]: machine }) {
    let struck = 0;
    return {
      ...{ text: `SIGKILL of ${daemon} on ${machine}, and it is not started again`, machine, network: null },
      inject: atOnce(async ({ lab }) => {
        struck = await lab.faults.signal(machine, daemon, "SIGKILL");
        await lab.machine(machine).host.services.stop(daemon);
      }),
      missed: async () => (struck > 0 ? null : `no process of ${daemon} ran on ${machine}`),
      undo: ({ lab }) => lab.faults.start(machine, daemon),
    };
  },
});
