import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A time in which a program could not run although it wanted to. Milliseconds, `until` since 1970. */
export interface Stall {
  /** 0 is ordinary, else of SCHED_RR (sched(7)). */
  readonly priority: number;
  readonly until: number;
  readonly length: number;
}

/** Watches the timers of every processor of this machine. */
export interface TimerStalls {
  /** Those seen until now. */
  readonly stalls: readonly Stall[];
  /** Throws when the watch had ended before: nothing is known of what came behind that. */
  stop(): Promise<void>;
}

/** Milliseconds: shorter stalls are not told. */
const least = 1;

const program = fileURLToPath(new URL("../../../programs/timer_stalls.py", import.meta.url));

/** Starts the watch, with a sleeper for each processor and priority; it ends by itself when this process does. */
export async function watchTimers(priorities: readonly number[]): Promise<TimerStalls> {
  const argv = ["-B", program, String(least), ...priorities.map(String)];
  // In a session of its own: Ctrl-C is for whoever watches.
  const running = spawn("/usr/bin/python3", argv, { stdio: ["ignore", "pipe", "inherit"], detached: true });
  const ended = once(running, "close").catch((error: Error) => error.message);
  const lines = createInterface({ input: running.stdout });
  const stalls: Stall[] = [];
  const ready = new Promise<boolean>((resolve) => {
    lines.on("line", (line) => (line === "ready" ? resolve(true) : stalls.push(toStall(line))));
  });
  if (!(await Promise.race([ready, ended.then(() => false)])))
    throw new Error(`the watch of the timers ended at its start (exit code ${running.exitCode})`);
  return {
    stalls,
    async stop() {
      if (running.exitCode !== null || running.signalCode !== null)
        throw new Error("the watch of the timers ended early: nothing is known of stalls behind that");
      running.kill();
      await ended;
    },
  };
}

/** `PRIORITY PROCESSOR UNTIL MILLISECONDS`, as timer_stalls.py has it. */
export function toStall(line: string): Stall {
  const [priority, , until, length] = line.split(" ").map(Number);
  return { priority: priority ?? Number.NaN, until: until ?? Number.NaN, length: length ?? Number.NaN };
}
