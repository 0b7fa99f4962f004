import type { Command } from "commander";
import { printableLine } from "../api/printable.js";
import { exit, type GlobalOptions, printJson, UserError } from "./context.js";

interface RemoveOptions extends GlobalOptions {
  readonly yes?: boolean;
}

export function registerRemove(program: Command): void {
  program
    .command("remove")
    .description("take holdfast off this machine: it gives the virtual IPs away, and is again as before")
    .option("-y, --yes", "do not ask")
    .option("--json", "print one JSON document; asks nobody, so give --yes")
    .addHelpText(
      "after",
      `
As root, on the node itself. The virtual IPs go to a standby first, where one is ready. Then agent and engines end, and
rules, kernel settings, routes and files are put back as they were before the first apply; engines that ran then run
again. Certificate and topology (/etc/holdfast) and the history (/var/lib/holdfast) stay: purging the package takes them.
The others miss this node until the topology says otherwise; its agent starts again at the next boot, and takes part in
the next apply, unless the package goes.

Examples:
  $ sudo holdfast remove
  $ sudo holdfast remove --yes --json`,
    )
    .action(removeNode);
}

async function removeNode({ yes = false, json = false }: RemoveOptions): Promise<void> {
  if (process.getuid?.() !== 0) throw new UserError("a machine is root's: run this with sudo");
  if (json && !yes) throw new UserError("--json asks nobody: give --yes too");
  const [{ thisMachine }, { lookAtRemoval, remove }, { removalText }, { giveAway, sayRole }] =
    await Promise.all([
      import("../host/this-machine.js"),
      import("../deploy/remove.js"),
      import("./removal-text.js"),
      import("./give-away.js"),
    ]);
  const host = thisMachine();
  const removal = await lookAtRemoval(host);
  if (removal === null) {
    if (json) printJson("remove", { removed: false, moved: null, files: [], left: [] });
    else process.stdout.write("Nothing of holdfast runs here.\n");
    return;
  }
  if (!json) process.stderr.write(removalText(removal, await sayRole()));
  if (!yes) {
    const { askYes } = await import("./ask-person.js");
    if (!(await askYes("Take holdfast off this machine?"))) throw new UserError("nothing was changed");
  }
  const moved = await giveAway();
  if (!json && moved !== null) process.stdout.write(`${printableLine(moved.words)}\n`);
  const left = await remove(host);
  if (json)
    printJson("remove", {
      removed: left.length === 0,
      moved,
      files: removal.files.map(({ path }) => path),
      left,
    });
  else if (left.length === 0) process.stdout.write("This machine is as it was before holdfast.\n");
  else for (const sentence of left) process.stderr.write(`  ! ${printableLine(sentence)}\n`);
  if (left.length > 0) process.exitCode = exit.error;
}
