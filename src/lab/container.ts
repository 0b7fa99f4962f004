import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must } from "./command.js";
import type { Ledger } from "./ledger.js";
import { namespaceOf } from "./names.js";
import { childrenOf, identify, kill, type ProcessId } from "./processes.js";
import { program } from "./program.js";

/** Puts before an argument array what makes it run inside the machine. */
export const enter = (init: ProcessId): string[] => [
  "nsenter",
  `--target=${init.pid}`,
  "--net",
  "--mount",
  "--uts",
  "--ipc",
  "--pid",
  "--",
];

/** What a machine's processes inherit: nothing of the caller's own environment. */
export const environment = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8", HOME: "/root" };

/** Boots a machine on its disk, with no links yet, and names its network namespace for ip-netns(8). */
export async function boot(
  cluster: string,
  machine: string,
  ledger: Ledger,
  hosts: string,
): Promise<ProcessId> {
  const disk = ledger.disk(machine);
  mkdirSync(join(disk, "etc"), { recursive: true });
  chmodSync(join(disk, "etc"), 0o755); // Engines that are not root read theirs; whoever put secrets there may have made it.
  writeFileSync(join(disk, "etc/hosts"), hosts);
  const namespaces = [
    "--net",
    "--mount",
    "--uts",
    "--ipc",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
  const first = ["/bin/sh", program.machine, disk, machine, program.root];
  const container = spawn("unshare", [...namespaces, "--propagation=private", "--", ...first], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment,
    cwd: "/",
  });
  let complaint = "";
  container.stderr.on("data", (chunk: Buffer) => (complaint += chunk));
  const ended = once(container, "exit").then(() => null);
  const [said] = (await Promise.race([once(container.stdout, "data"), ended])) ?? [];
  const init = container.pid === undefined ? undefined : childrenOf(container.pid)[0];
  const identity = init === undefined ? null : identify(init);
  if (!String(said).startsWith("ready") || identity === null)
    throw new Error(`machine ${machine} does not boot: ${complaint.trim() || "it ended at once"}`);
  container.stdout.destroy();
  container.stderr.destroy();
  container.unref();
  ledger.booted(machine, identity);
  await must(["ip", "netns", "attach", namespaceOf(cluster, machine), String(identity.pid)]);
  return identity;
}

/** Kills every process of the machine at once, and forgets its namespace. */
export async function halt(cluster: string, machine: string, ledger: Ledger): Promise<void> {
  const init = ledger.init(machine);
  if (init === null) return;
  await kill(init); // The kernel kills the whole PID namespace with its init (pid_namespaces(7)).
  ledger.poweredOff(machine);
  await must(["ip", "netns", "delete", namespaceOf(cluster, machine)]);
}
