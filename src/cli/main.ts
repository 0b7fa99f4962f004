#!/usr/bin/env node
import { Command } from "commander";
import { printableText } from "../api/printable.js";
import { registerCommands } from "./commands.js";
import { exit, UserError } from "./context.js";
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
    return report(error, argv.includes("--debug"));
  }
}

function report(error: unknown, debug: boolean): number {
  if (isCommanderExit(error)) return error.exitCode;
  const words =
    error instanceof Error ? (debug ? error.stack : `holdfast: ${error.message}`) : `holdfast: ${error}`;
  // An agent's refusal too, in its words.
  process.stderr.write(`${printableText(words ?? "")}\n`);
  return error instanceof UserError ? error.exitCode : exit.error;
}

const isCommanderExit = (error: unknown): error is { code: string; exitCode: number } =>
  error instanceof Error && "code" in error && String(error.code).startsWith("commander.");

process.exitCode = await main(process.argv);
