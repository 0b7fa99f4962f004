import type { RunOptions, RunResult } from "../host/host.js";
import { runner } from "../host/run.js";

const run = runner([]);

/** Runs argv on this machine and throws what it complains of unless it ends well. */
export async function must(argv: readonly string[], options?: RunOptions): Promise<RunResult> {
  const result = await run(argv, options);
  if (result.exitCode === 0) return result;
  throw new Error(`${argv.join(" ")}: ${result.stderr.trim() || `exit code ${result.exitCode}`}`);
}

/** One ip(8) process for many commands, all in one namespace. */
export async function ip(namespace: string, lines: readonly string[]): Promise<void> {
  if (lines.length > 0)
    await must(["ip", "-netns", namespace, "-batch", "-"], { stdin: `${lines.join("\n")}\n` });
}
