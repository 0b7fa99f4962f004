import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { realTimePriorities } from "../src/render/real-time.js";

/** A time in which a program could not run although it wanted to. Milliseconds, `until` since 1970. */
export interface Stall {
  readonly priority: number;
  readonly until: number;
  readonly length: number;
}

/** The longest stalls within a time, in milliseconds; 0 where none reached a millisecond. */
export interface Stalls {
  /** Of a program like any other: what ours do to each other is in it. */
  readonly ordinary: number;
  /** At keepalived's priority: what the machine itself does to everybody. */
  readonly realTime: number;
}

/** Watches the machine's own timers while something is measured on it. */
export interface Jitter {
  /** The longest stalls that touch the time between two moments (milliseconds since 1970). */
  between(from: number, to: number): Stalls;
  /** Also once what is measured failed. */
  stop(): Promise<void>;
}

/** Milliseconds: shorter stalls are not told. */
const least = 1;

const program = fileURLToPath(new URL("timer_stalls.py", import.meta.url));

/** Starts the watch; it ends by itself when this process does. */
export async function recordJitter(): Promise<Jitter> {
  const argv = ["-B", program, String(least), "0", String(realTimePriorities.keepalived)];
  const running = spawn("/usr/bin/python3", argv, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(running, "close");
  const lines = createInterface({ input: running.stdout });
  const stalls: Stall[] = [];
  const ready = new Promise<boolean>((resolve) => {
    lines.on("line", (line) => (line === "ready" ? resolve(true) : stalls.push(toStall(line))));
  });
  if (!(await Promise.race([ready, ended.then(() => false)])))
    throw new Error(`the watch of the timers ended at its start (exit code ${running.exitCode})`);
  return {
    between: (from, to) => longest(stalls, from, to),
    async stop() {
      if (running.exitCode !== null)
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

/** Of all processors: what is measured may have run on any. */
export function longest(stalls: readonly Stall[], from: number, to: number): Stalls {
  const within = stalls.filter(({ until, length }) => until >= from && until - length <= to);
  const worst = (of: readonly Stall[]): number => of.reduce((most, { length }) => Math.max(most, length), 0);
  return {
    ordinary: worst(within.filter(({ priority }) => priority === 0)),
    realTime: worst(within.filter(({ priority }) => priority > 0)),
  };
}
