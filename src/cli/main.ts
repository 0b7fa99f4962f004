#!/usr/bin/env node
import { exit } from "./context.js";
import { holdfastProgram } from "./program.js";
import { reportFailure } from "./report.js";

/** The composition root: arguments in, exit code out. Commands load what they need when they run. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await holdfastProgram().parseAsync([...argv]);
    return Number(process.exitCode ?? exit.ok);
  } catch (error) {
    return reportFailure(error, argv);
  }
}

process.exitCode = await main(process.argv);
