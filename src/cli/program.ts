import { Command } from "commander";
import { registerCommands } from "./commands.js";
import { programVersion } from "./version.js";

/** The program with every command; nothing of it has run yet. */
export function holdfastProgram(): Command {
  const program = new Command("holdfast")
    .description("One YAML topology in, load balancers out that switches never lose sight of.")
    .version(programVersion)
    .option("--debug", "show stacks and the agent's own log lines")
    .showSuggestionAfterError()
    .exitOverride();
  registerCommands(program);
  return program;
}
