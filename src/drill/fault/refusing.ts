import type { NodeRole } from "../situation.js";
import { atOnce, type Fault, type Stage } from "./fault.js";
import { runOn } from "./on-machine.js";

/** What a node's disk does not do any more. */
export interface Refusal {
  readonly path: string;
  readonly words: string;
  /** How it comes to refuse; to unmount the path ends it. */
  readonly mounts: readonly (readonly string[])[];
}

const onItself = (path: string): string[] => ["mount", "--bind", path, path];

/**
 * Takes nothing more, as a file system does that was remounted after an error, or that is full. Found out as a change is
 * prepared: what is new is written beside what stands.
 */
export const readOnly = (directory: string): Refusal => ({
  path: directory,
  words: "is read-only",
  mounts: [onItself(directory), ["mount", "-o", "remount,bind,ro", directory]],
});

/**
 * Cannot be replaced by another file, as one that is mounted there (rename(2), EBUSY). Found out in the commit: beside it
 * everything can be written, and whoever checks that is content.
 */
export const pinned = (file: string): Refusal => ({
  path: file,
  words: "cannot be replaced",
  mounts: [onItself(file)],
});

/** A node's disk refuses something. */
export const refusing = (role: NodeRole, refusal: Refusal): Fault => ({
  undoing: "the disk takes everything again",
  on({ [role]: machine }) {
    return {
      ...{ text: textOf(machine, refusal), machine, network: null },
      inject: atOnce((stage) => begin(stage, machine, refusal)),
      undo: (stage) => end(stage, machine, refusal),
    };
  },
});

/** The same, and somebody applies a change of the topology. */
export const refusingChange = (role: NodeRole, refusal: Refusal): Fault => ({
  undoing: "the disk takes everything again, and the topology is applied as it was where the change was kept",
  on({ [role]: machine }) {
    let before: string | null = null;
    return {
      ...{ text: `${textOf(machine, refusal)}, and a change is applied`, machine, network: null },
      inject: atOnce(async (stage) => {
        await begin(stage, machine, refusal);
        before = await stage.change();
      }),
      async undo(stage) {
        await end(stage, machine, refusal);
        if (before !== null) await stage.changeBack(before);
      },
    };
  },
});

const textOf = (machine: string, { path, words }: Refusal): string => `${path} on ${machine} ${words}`;

async function begin({ lab }: Stage, machine: string, { mounts }: Refusal): Promise<void> {
  for (const mount of mounts) await runOn(lab.machine(machine), mount);
}

/** What was not mounted, or is no longer since the node was off meanwhile, is no error. */
async function end({ lab }: Stage, machine: string, { path }: Refusal): Promise<void> {
  const { exitCode, stderr } = await lab.machine(machine).exec(["umount", path]);
  if (exitCode !== 0 && !/not mounted/.test(stderr))
    throw new Error(`${path} on ${machine} goes on refusing: ${stderr.trim()}`);
}
