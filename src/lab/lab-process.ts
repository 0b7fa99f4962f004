import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { environment } from "./container.js";
import type { LabProcess } from "./lab.js";
import { childrenOf, send } from "./processes.js";

const patience = 2_000;

/** Starts argv behind `enter`, whose nsenter forks when it changes the PID namespace and then waits for its child. */
export async function spawnIn(enter: readonly string[], argv: readonly string[]): Promise<LabProcess> {
  const [command = "", ...args] = [...enter, ...argv];
  const launcher = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment,
    cwd: "/",
    detached: true,
  });
  let [stdout, stderr] = ["", ""];
  launcher.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  launcher.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const lines = createInterface({ input: launcher.stdout });
  const ended = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>(
    (resolve, reject) => {
      launcher.on("error", reject);
      launcher.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
    },
  );
  ended.catch(() => undefined); // Whoever waits for it sees the failure.
  if (launcher.pid === undefined) await ended;
  const pid = await realPid(launcher.pid ?? 0, enter.includes("--pid"), ended);
  return {
    pid,
    onLine: (listener) => void lines.on("line", listener),
    ended,
    async stop(signal = "SIGTERM") {
      send(pid, signal);
      // nsenter stands still with a child that was stopped, and would not see it end.
      send(launcher.pid ?? 0, "SIGCONT");
      const late = await Promise.race([ended.then(() => false), sleep(patience, true, { ref: false })]);
      if (late) send(pid, "SIGKILL");
      return (await ended).stdout;
    },
  };
}

/** nsenter's child, as soon as there is one. */
async function realPid(launcher: number, forks: boolean, ended: Promise<unknown>): Promise<number> {
  if (!forks) return launcher;
  let over = false;
  void ended.then(() => (over = true));
  while (!over) {
    const [child] = childrenOf(launcher);
    if (child !== undefined) return child;
    await sleep(1);
  }
  return launcher;
}
