import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** proc(5), stat field 22: clock ticks after the machine's boot. */
  readonly startTime: number;
}

export function identify(pid: number): ProcessId | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field, the program's name in parentheses, may hold anything: count from its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? null : { pid, startTime: Number(fields[19]) };
}

export const isAlive = ({ pid, startTime }: ProcessId): boolean => identify(pid)?.startTime === startTime;

/** The direct children of a process, oldest first. */
export const childrenOf = (pid: number): number[] =>
  (readOrNull(`/proc/${pid}/task/${pid}/children`) ?? "").split(" ").filter(Boolean).map(Number);

/** All that come from a process and still have their parents, parents first. */
export const descendantsOf = (pid: number): number[] =>
  childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);

export const argvOf = (pid: number): string[] =>
  (readOrNull(`/proc/${pid}/cmdline`) ?? "").split("\0").slice(0, -1);

/** Every process that lives in the same PID namespace as `init`. */
export function inhabitants(init: number): number[] {
  const home = namespaceOf(init);
  if (home === null) return [];
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number)
    .filter((pid) => namespaceOf(pid) === home);
}

export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error; // Already gone.
  }
}

/** Kills at once and waits until it is gone. */
export async function kill(id: ProcessId, patience = 5_000): Promise<void> {
  if (isAlive(id)) send(id.pid, "SIGKILL");
  for (const end = Date.now() + patience; isAlive(id); await sleep(2))
    if (Date.now() > end) throw new Error(`process ${id.pid} does not die`);
}

function namespaceOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
