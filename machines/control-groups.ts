import { existsSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { send } from "../src/lab/processes.js";

/** Where systemd keeps its groups, by the generation of cgroups(7) that the kernel was started with. */
const trees = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"];

/** Milliseconds. */
const patience = 10_000;

/** Removes the groups of such names, and kills whoever still lives in them. True when there were any. */
export async function removeGroups(ours: (name: string) => boolean): Promise<boolean> {
  const groups = trees
    .filter((tree) => existsSync(join(tree, "cgroup.procs")))
    .flatMap((tree) => folders(tree).filter((path) => ours(basename(path))));
  for (const end = Date.now() + patience; ; await sleep(10)) {
    const inhabited = groups.filter((group) => !emptied(group));
    if (inhabited.length === 0) return groups.length > 0;
    if (Date.now() > end) throw new Error(`control groups ${inhabited.join(", ")} cannot be removed`);
  }
}

/** One attempt, children first. */
function emptied(group: string): boolean {
  if (!existsSync(group)) return true;
  if (!folders(group).map(emptied).every(Boolean)) return false;
  try {
    for (const pid of readFileSync(join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean))
      send(Number(pid), "SIGKILL");
    rmdirSync(group);
    return true;
  } catch {
    return !existsSync(group); // Busy: somebody in it is about to die.
  }
}

const folders = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(path, name));
