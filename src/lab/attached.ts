import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { enter, environment } from "./container.js";
import { Ledger } from "./ledger.js";

/** Runs argv on a machine with this process's own terminal and streams; returns its exit code. */
export async function runAttached(
  cluster: string,
  machine: string,
  argv: readonly string[],
): Promise<number> {
  const init = new Ledger(cluster).init(machine);
  if (init === null) throw new Error(`${machine} is off; 'holdfast lab power on ${machine}' starts it`);
  const [command = "", ...args] = [...enter(init), ...argv];
  const env = { ...environment, TERM: process.env.TERM ?? "dumb" };
  const child = spawn(command, args, { stdio: "inherit", env, cwd: "/" });
  const ignore = (): void => undefined; // Ctrl-C is the command's: the terminal sends it to both.
  process.on("SIGINT", ignore);
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  } finally {
    process.off("SIGINT", ignore);
  }
}
