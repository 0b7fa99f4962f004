import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { runner } from "../host/run.js";
import { must } from "./command.js";
import { Ledger } from "./ledger.js";
import { namespacePrefix } from "./names.js";
import { send } from "./processes.js";
import { entries, leaveAsFound, namesInRegistry } from "./registry.js";

const patience = 10_000;

/**
 * Removes all that a lab made: processes, namespaces (and with them links and mounts), files. Goes by the namespaces'
 * names, so that it also works after a crash and without the lab's own records. True when there was anything.
 */
export async function labDown(cluster: string): Promise<boolean> {
  const { directory } = new Ledger(cluster);
  const namespaces = namesInRegistry().filter((name) => name.startsWith(namespacePrefix(cluster)));
  const found = namespaces.length > 0 || entries(directory).length > 0;
  await Promise.all(namespaces.map(empty));
  for (const name of namespaces) await must(["ip", "netns", "delete", name]);
  rmSync(directory, { recursive: true, force: true });
  if (found) await leaveAsFound();
  return found;
}

/** Kills everything that lives in a network namespace of ours; the kernel kills a container with its PID 1. */
async function empty(namespace: string): Promise<void> {
  const run = runner([]);
  for (const end = Date.now() + patience; ; await sleep(5)) {
    const { stdout } = await run(["ip", "netns", "pids", namespace]);
    const pids = stdout.split("\n").filter(Boolean).map(Number);
    if (pids.length === 0) return;
    if (Date.now() > end) throw new Error(`processes ${pids.join(", ")} of ${namespace} do not die`);
    for (const pid of pids) send(pid, "SIGKILL");
  }
}
