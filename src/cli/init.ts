import type { Command } from "commander";
import { printJson } from "./context.js";
import { writeOutput } from "./output-file.js";

export function registerInit(program: Command): void {
  program
    .command("init")
    .description("print a commented starter topology")
    .option("--out <file>", "write it to a file instead")
    .option("--force", "overwrite the file if it exists")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  holdfast init --out topology.yaml && holdfast validate
  holdfast init | holdfast validate -`,
    )
    .action(async (options: { out?: string; force?: boolean; json?: boolean }) => {
      const { starterTopology } = await import("./starter.js");
      if (options.out !== undefined)
        await writeOutput(options.out, starterTopology, { force: options.force === true });
      if (options.json === true) printJson("init", { file: options.out ?? null, topology: starterTopology });
      else if (options.out === undefined) process.stdout.write(starterTopology);
      else
        process.stderr.write(
          `${options.out} is written; put your own addresses in, then run 'holdfast validate -f ${options.out}'\n`,
        );
    });
}
