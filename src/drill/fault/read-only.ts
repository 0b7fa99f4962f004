import type { NodeRole } from "../situation.js";
import { atOnce, type Fault, type Stage } from "./fault.js";
import { runOn } from "./on-machine.js";

/**
 * A node's disk takes nothing more where HAProxy's configuration stands, as a file system does that was remounted after an
 * error, or that is full; and somebody applies a change of the topology.
 */
export const readOnly = (role: NodeRole, directory: string): Fault => ({
  undoing: "the disk takes everything again, and the topology is applied as it was where the change was kept",
  on({ [role]: machine }) {
    let before: string | null = null;
    return {
      ...{ text: `${directory} on ${machine} is read-only, and a change is applied`, machine, network: null },
      inject: atOnce(async (stage) => {
        await remount(stage, machine, directory);
        before = await stage.change();
      }),
      async undo(stage) {
        // As often as it was mounted; an error says that it is not.
        await stage.lab.machine(machine).exec(["umount", directory]);
        if (before !== null) await stage.changeBack(before);
      },
    };
  },
});

async function remount({ lab }: Stage, machine: string, directory: string): Promise<void> {
  await runOn(lab.machine(machine), ["mount", "--bind", directory, directory]);
  await runOn(lab.machine(machine), ["mount", "-o", "remount,bind,ro", directory]);
}
