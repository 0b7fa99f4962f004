import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../../programs/busy_loops.py", import.meta.url));

/**
 * Keeps every processor of this machine busy until the returned function is called, and no longer than `seconds` nor
 * than this process lives.
 */
export async function keepBusy(seconds: number): Promise<() => Promise<void>> {
  const argv = ["-B", program, String(seconds)];
  const running = spawn("/usr/bin/python3", argv, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(running, "exit").catch((error: Error) => error.message);
  if (!(await Promise.race([once(running.stdout, "data").then(() => true), ended.then(() => false)])))
    throw new Error(`the load ended at its start (exit code ${running.exitCode})`);
  return async () => {
    running.kill("SIGKILL"); // Its loops end with it.
    await ended;
  };
}
