import type { Command } from "commander";
import { writeOutput } from "./output-file.js";

export function registerSchema(program: Command): void {
  program
    .command("schema")
    .description("print the JSON Schema (draft 7) of the topology file, for editors")
    .option("--out <file>", "write it to a file instead; an older copy is replaced")
    .option("--json", "accepted for uniformity; the schema is JSON anyway")
    .addHelpText(
      "after",
      `
Examples:
  holdfast schema --out topology.schema.json

and as the first line of the topology, for editors with a YAML language server:
  # yaml-language-server: $schema=./topology.schema.json`,
    )
    .action(async (options: { out?: string }) => {
      const { topologyJsonSchema } = await import("../topology/schema.js");
      const body = `${JSON.stringify(topologyJsonSchema(), null, 2)}\n`;
      if (options.out === undefined) process.stdout.write(body);
      else await writeOutput(options.out, body, { force: true });
    });
}
