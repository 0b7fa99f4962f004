import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Ledger } from "../../src/lab/ledger.js";
import { labDirectory, namespacePrefix } from "../../src/lab/names.js";
import { inhabitants } from "../../src/lab/processes.js";
import { labStatus } from "../../src/lab/status.js";
import { parseStat } from "../../src/observe/process.js";

const lines = (path: string) => readFileSync(path, "utf8").split("\n");
const names = (directory: string) => (existsSync(directory) ? readdirSync(directory) : []);

/** All that a lab could leave on this machine: what names it, and what no other lab would change. */
export function traces(cluster: string) {
  return {
    namespaces: names("/run/netns").filter((name) => name.startsWith(namespacePrefix(cluster))),
    mounts: lines("/proc/self/mountinfo").filter((line) => line.includes(cluster)),
    links: names("/sys/class/net"),
    files: existsSync(labDirectory(cluster)),
    temporary: names("/tmp").filter((name) => name.includes("keepalived") || name.includes(cluster)),
    beside: names("lab"),
  };
}

/** Every process of the lab's machines. */
export function processesOf(cluster: string): number[] {
  const ledger = new Ledger(cluster);
  return (labStatus(cluster) ?? []).flatMap(({ name }) => {
    const init = ledger.init(name);
    return init === null ? [] : inhabitants(init.pid);
  });
}

/** Those that still are; a zombie that waits for its parent, and one that the kernel is just taking apart, are not. */
export const alive = (pids: readonly number[]): number[] =>
  pids.filter((pid) => (parseStat(statOf(pid))?.state ?? "dead") !== "dead");

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}
