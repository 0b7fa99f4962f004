import { constants, setPriority } from "node:os";
import { Readable } from "node:stream";
import type { RunOptions, RunResult } from "./host.js";

export type Run = (argv: readonly string[], options?: RunOptions) => Promise<RunResult>;

/** Engines stand in sbin, their messages are parsed: nothing of the caller's environment may change either. */
const environment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C.UTF-8",
  HOME: "/root",
};

/**
 * Runs argument arrays on a machine; `enter` is put before each of them (`nsenter ...`, or nothing).
 * A program that ends by signal N has exit code 128 + N, as in a shell.
 */
export function runner(enter: readonly string[]): Run {
  return async (argv, { stdin = "", take, urgent = false, timeout = 10_000 } = {}) => {
    const { execa } = await import("execa");
    const [file, ...args] = [...enter, ...argv];
    if (file === undefined) throw new Error("nothing to run: the argument array is empty");
    // A group of its own: nsenter's child must die with it when the time is over.
    const child = execa(file, args, {
      input: typeof stdin === "string" ? stdin : Readable.from(stdin),
      buffer: { stdout: take === undefined },
      env: environment,
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
      detached: true,
      cleanup: false,
    });
    if (urgent) hasten(child.pid);
    if (take !== undefined) child.stdout.setEncoding("utf8").on("data", take);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      killGroup(child.pid);
    }, timeout);
    const result = await child.finally(() => clearTimeout(timer));
    const { stdout = "", stderr } = result;
    if (late) throw new Error(`${argv.join(" ")}: not done within ${timeout} ms`);
    if (result.exitCode !== undefined) return { exitCode: result.exitCode, stdout, stderr };
    if (result.signal !== undefined) return { exitCode: 128 + signalNumber(result.signal), stdout, stderr };
    throw new Error(`cannot run ${argv[0]}: ${result.originalMessage ?? "unknown reason"}`);
  };
}

/** Nice values go from -20 to 19. */
const urgentNice = -15;

function hasten(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, urgentNice);
  } catch {
    // It has ended, or this process may not: then it takes its turn.
  }
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // It ended by itself between the timer and here.
  }
}

const signalNumber = (signal: string): number => constants.signals[signal as NodeJS.Signals] ?? 0;
