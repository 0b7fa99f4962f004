import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { printJson, UserError } from "./context.js";
import { writeOutput } from "./output-file.js";
import { programVersion } from "./version.js";

interface ManualOptions {
  readonly out: string;
  readonly date?: string;
  readonly json?: boolean;
}

export function registerManual(program: Command): void {
  program
    .command("manual")
    .description("write the manual pages, one a command, and the topology file's")
    .requiredOption("-o, --out <dir>", "directory to write; older pages are replaced")
    .option("--date <date>", "the day that they bear, for instance 2026-11-29 (default: today)")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  $ holdfast manual --out man && man man/holdfast-topology.5
  $ holdfast manual --out /usr/local/share/man/man1`,
    )
    .action((options: ManualOptions) => writeManual(program, options));
}

async function writeManual(program: Command, options: ManualOptions): Promise<void> {
  const { manualPages } = await import("../manual/pages.js");
  const { starterTopology } = await import("./starter.js");
  const date = options.date ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date))
    throw new UserError(`--date ${date}: write a day, for instance 2026-11-29`);
  const pages = manualPages(program, starterTopology, { version: programVersion, date });
  await mkdir(options.out, { recursive: true });
  for (const { file, body } of pages) await writeOutput(join(options.out, file), body, { force: true });
  const files = pages.map(({ file }) => join(options.out, file));
  if (options.json === true) printJson("manual", { out: options.out, files });
  else for (const file of files) process.stdout.write(`${file}\n`);
}
