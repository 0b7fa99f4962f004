import { readFileSync } from "node:fs";
import { type ProcessStat, parsePids, parseStat } from "../observe/process.js";

/** A small file of /proc or /run, read in one go: these answer from memory, in microseconds. */
export function readNow(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

const processStat = (pid: number): ProcessStat | null => parseStat(readNow(`/proc/${pid}/stat`) ?? "");

export const childrenOf = (pid: number): number[] => parsePids(readNow(`/proc/${pid}/task/${pid}/children`));

/** One process, for good: a PID that is used again has another start time. */
export interface ProcessId {
  readonly pid: number;
  readonly startTime: string;
}

export function identify(pid: number): ProcessId | null {
  const stat = processStat(pid);
  return stat === null || stat.state === "dead" ? null : { pid, startTime: stat.startTime };
}

/** How that process is now; another one that took its PID does not count. */
export function stateOf({ pid, startTime }: ProcessId): ProcessStat["state"] {
  const stat = processStat(pid);
  return stat?.startTime === startTime ? stat.state : "dead";
}

/** SIGKILL; one that is gone already is fine. */
export function kill(target: ProcessId): void {
  if (stateOf(target) === "dead") return;
  try {
    process.kill(target.pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
