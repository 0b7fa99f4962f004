import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { parsePids, parseStat } from "../../observe/process.js";
import type { ProcessState } from "../../observe/state.js";

/** A small file of /proc or /run, read in one go: these answer from memory, in microseconds. */
export function readNow(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

export const childrenOf = (pid: number): number[] => parsePids(readNow(`/proc/${pid}/task/${pid}/children`));

/** A line of /proc/PID/stat has some fifty numbers, of at most 20 digits each. */
const buffer = Buffer.alloc(2_048);

/**
 * One process, looked at again and again through one open file: that costs a microsecond, and the file stays that of
 * this process even when its PID is used again (reading it then fails with ESRCH).
 */
export class WatchedProcess {
  private constructor(
    readonly pid: number,
    private readonly descriptor: number,
  ) {}

  /** Null when there is no such process, or none that lives. */
  static open(pid: number): WatchedProcess | null {
    try {
      const watched = new WatchedProcess(pid, openSync(`/proc/${pid}/stat`, "r"));
      if (watched.state() !== "dead") return watched;
      watched.close();
    } catch {
      // It ended before we could look.
    }
    return null;
  }

  state(): ProcessState {
    try {
      const length = readSync(this.descriptor, buffer, 0, buffer.length, 0);
      return parseStat(buffer.toString("latin1", 0, length))?.state ?? "dead";
    } catch {
      return "dead";
    }
  }

  /** SIGKILL; one that is gone already is fine. */
  kill(): void {
    if (this.state() === "dead") return;
    try {
      process.kill(this.pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
