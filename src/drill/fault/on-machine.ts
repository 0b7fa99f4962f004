import type { Machine } from "../../lab/lab.js";

/** Runs argv on a machine of the lab and returns what it prints. Throws what it complains of unless it ends well. */
export async function runOn(machine: Machine, argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await machine.exec(argv);
  if (exitCode === 0) return stdout;
  throw new Error(`${argv.join(" ")} on ${machine.name}: ${stderr.trim() || `exit code ${exitCode}`}`);
}
