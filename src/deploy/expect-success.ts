import type { RunResult } from "../host/host.js";

/** Standard output of a program that succeeded; otherwise its own words are the error. */
export function expectSuccess(argv: readonly string[], { exitCode, stdout, stderr }: RunResult): string {
  if (exitCode === 0) return stdout;
  const program = argv.slice(0, 2).join(" ");
  throw new Error(`${program}: ${(stderr || stdout).trim() || `exit code ${exitCode}`}`);
}
