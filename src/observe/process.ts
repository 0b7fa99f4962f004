import type { ProcessState } from "./state.js";

/** What proc(5) says of a process in /proc/PID/stat. */
export interface ProcessStat {
  readonly state: ProcessState;
  /** Clock ticks after boot: together with the PID it names one process for good. */
  readonly startTime: string;
}

/** PF_EXITING in the flags of /proc/PID/stat (linux/sched.h): its files are closed, its state not yet Z. */
const exiting = 0x4;

/** Reads /proc/PID/stat; null for what is not such a line. A zombie counts as dead. */
export function parseStat(text: string): ProcessStat | null {
  // The name stands in parentheses and may itself hold some: fields are counted after the last one.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ", 20);
  const [letter] = fields;
  const flags = Number(fields[6]);
  const startTime = fields[19];
  if (letter === undefined || startTime === undefined) return null;
  if (/^[ZXx]$/.test(letter) || (flags & exiting) !== 0) return { state: "dead", startTime };
  return { state: /^[Tt]$/.test(letter) ? "frozen" : "running", startTime };
}

/** Whether /proc/PID/status says that the process handles signal `number`, or takes it from a signalfd. */
export function handlesSignal(status: string, number: number): boolean {
  const mask = (name: string) =>
    BigInt(`0x${new RegExp(`^${name}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1] ?? "0"}`);
  return ((mask("SigCgt") | mask("SigBlk")) & (1n << BigInt(number - 1))) !== 0n;
}

/** A PID file's content, or one line of /proc/PID/task/PID/children. */
export const parsePids = (text: string | null): number[] =>
  (text ?? "")
    .split(/\s+/)
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 1);
