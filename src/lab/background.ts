import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { enter, environment } from "./container.js";
import type { ProcessId } from "./processes.js";

/**
 * Starts a program on a machine that outlives this process: the machine's PID 1 adopts it. Its output goes to
 * /run/log/<name>.log there.
 */
export async function startInBackground(
  init: ProcessId,
  name: string,
  argv: readonly string[],
): Promise<void> {
  const log = openSync(`/proc/${init.pid}/root/run/log/${name}.log`, "a", 0o644);
  try {
    const [command = "", ...args] = [...enter(init), "setsid", "--fork", ...argv];
    const launcher = spawn(command, args, {
      stdio: ["ignore", log, log],
      env: environment,
      cwd: "/",
      detached: true,
    });
    const [code] = await once(launcher, "exit");
    if (code !== 0) throw new Error(`${name} cannot be started: ${argv.join(" ")} (exit code ${code})`);
  } finally {
    closeSync(log);
  }
}
