import type { NodeRole } from "../situation.js";
import { atOnce, type Fault, type Stage } from "./fault.js";
import { runOn } from "./on-machine.js";

/** A node's disk takes nothing more in a directory, as a file system does that was remounted after an error, or that is full. */
export const unwritable = (role: NodeRole, directory: string): Fault => ({
  undoing: "the disk takes everything again",
  on({ [role]: machine }) {
    return {
      ...{ text: `${directory} on ${machine} is read-only`, machine, network: null },
      inject: atOnce((stage) => remount(stage, machine, directory)),
      undo: (stage) => unmount(stage, machine, directory),
    };
  },
});

/** The same where HAProxy's configuration stands; and somebody applies a change of the topology. */
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
        await unmount(stage, machine, directory);
        if (before !== null) await stage.changeBack(before);
      },
    };
  },
});

async function remount({ lab }: Stage, machine: string, directory: string): Promise<void> {
  await runOn(lab.machine(machine), ["mount", "--bind", directory, directory]);
  await runOn(lab.machine(machine), ["mount", "-o", "remount,bind,ro", directory]);
}

/** As often as it was mounted; an error says that it is not. */
async function unmount({ lab }: Stage, machine: string, directory: string): Promise<void> {
  await lab.machine(machine).exec(["umount", directory]);
}
