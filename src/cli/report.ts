import { printableText } from "../api/printable.js";
import { exit, printJson, UserError } from "./context.js";

/** Says why a command failed, on stderr, and under `--json` as a document on stdout too; returns the exit code. */
export function reportFailure(error: unknown, argv: readonly string[]): number {
  const end = argv.indexOf("--");
  const given = (option: string): boolean => argv.slice(0, end < 0 ? undefined : end).includes(option);
  // An agent's refusal too, in its words.
  const message = printableText(error instanceof Error ? error.message : String(error));
  const ofUsage = isCommanderExit(error); // Commander has said it itself.
  const exitCode = ofUsage || error instanceof UserError ? error.exitCode : exit.error;
  if (exitCode !== exit.ok && given("--json")) printJson("error", { message });
  if (ofUsage) return exitCode;
  const stack = given("--debug") && error instanceof Error ? error.stack : undefined;
  process.stderr.write(`${stack === undefined ? `holdfast: ${message}` : printableText(stack)}\n`);
  return exitCode;
}

const isCommanderExit = (error: unknown): error is { code: string; exitCode: number } =>
  error instanceof Error && "code" in error && String(error.code).startsWith("commander.");
