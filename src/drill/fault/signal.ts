import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";

/** Dies at once, ends in order, or stands still. */
type Signal = "SIGKILL" | "SIGTERM" | "SIGSTOP";

/** A daemon is sent a signal. */
export const signal = (whom: NodeRole | "busiest-server", daemon: string, which: Signal): Fault => ({
  undoing:
    which === "SIGSTOP"
      ? "it is let go on, and started where the agent has ended it"
      : "it is started, unless it was by then",
  on(situation) {
    let struck = 0;
    const machine = whom === "busiest-server" ? situation.busiestServer.machine : situation[whom];
    return {
      ...{ text: `${which} of ${daemon} on ${machine}`, machine, network: null },
      inject: atOnce(async ({ lab }) => {
        struck = await lab.faults.signal(machine, daemon, which);
      }),
      missed: async () => (struck > 0 ? null : `no process of ${daemon} ran on ${machine}`),
      async undo({ lab }) {
        // The agent may have ended what stood still.
        if (which === "SIGSTOP") await lab.faults.signal(machine, daemon, "SIGCONT");
        await lab.faults.start(machine, daemon);
      },
    };
  },
});
