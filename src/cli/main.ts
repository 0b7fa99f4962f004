#!/usr/bin/env node
import { Command } from "commander";
import { registerCommands } from "./commands.js";
import { exit } from "./context.js";
import { reportFailure } from "./report.js";
import { programVersion } from "./version.js";

/** The composition root: arguments in, exit code out. Commands load what they need when they run. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command("holdfast")
    .description("One YAML topology in, load balancers out that switches never lose sight of.")
    .version(programVersion)
    .option("--debug", "show stacks and the agent's own log lines")
    .showSuggestionAfterError()
    .exitOverride();
  registerCommands(program);
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? exit.ok);
  } catch (error) {
    return reportFailure(error, argv);
  }
}

process.exitCode = await main(process.argv);
