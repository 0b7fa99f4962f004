import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ip, must } from "../src/lab/command.js";
import { environment } from "../src/lab/container.js";
import { unplug } from "../src/lab/fabric.js";
import type { Layout, MachinePlan } from "../src/lab/layout-plan.js";
import type { Ledger } from "../src/lab/ledger.js";
import { fabricOf, namespaceOf, namespacePrefix } from "../src/lab/names.js";
import { argvOf, childrenOf, identify, type ProcessId } from "../src/lab/processes.js";
import { entries } from "../src/lab/registry.js";
import { portLines } from "../src/lab/wiring.js";
import { removeGroups } from "./control-groups.js";

const bootScript = fileURLToPath(new URL("boot.sh", import.meta.url));

/** Milliseconds until the machine's PID 1 runs. */
const patience = 10_000;

/** Where nspawn keeps a place for each machine's mounts, and forgets it when it is killed. */
const nspawnPlaces = "/run/systemd/nspawn/propagate";

/** Boots the machine from its disk, its links plugged in, as of its first instruction. Whether it is up is not known yet. */
export async function bootMachine(
  layout: Layout,
  plan: MachinePlan,
  ledger: Ledger,
  root: string,
): Promise<void> {
  const { cluster } = layout;
  const [name, machine] = [namespaceOf(cluster, plan.name), machineOf(cluster, plan.name)];
  await forget(cluster, plan.name);
  await must(["ip", "netns", "add", name]);
  await ip(name, ["link set lo up"]);
  await ip(fabricOf(cluster), portLines(layout, plan));
  const disk = ledger.disk(plan.name);
  const log = openLog(consoleOf(ledger, plan.name));
  try {
    const argv = [bootScript, plan.name, name, root, disk, `/run/netns/${name}`, machine];
    const nspawn = spawn("unshare", ["--mount", "--propagation", "slave", "--", "/bin/sh", ...argv], {
      stdio: ["ignore", log, log],
      env: environment,
      cwd: "/",
      detached: true,
    });
    nspawn.unref();
    ledger.booted(plan.name, await firstProcess(nspawn.pid ?? 0, ledger, plan.name));
  } finally {
    closeSync(log);
  }
}

/** After the machine ended by itself: its network, and with it all that its kernel kept, ends too. */
export async function clearAway(layout: Layout, plan: MachinePlan, ledger: Ledger): Promise<void> {
  ledger.poweredOff(plan.name);
  await must(["ip", "netns", "delete", namespaceOf(layout.cluster, plan.name)]);
  await unplug(layout, plan);
  await forget(layout.cluster, plan.name);
}

/** What nspawn leaves behind of a machine that is off. */
export async function forget(cluster: string, machine: string): Promise<void> {
  await removeGroups((name) => name === namespaceOf(cluster, machine));
  rmSync(join(nspawnPlaces, machineOf(cluster, machine)), { recursive: true, force: true });
}

/** The same of every machine of a cluster, by their names alone: also what a run that was killed has left. */
export async function forgetAll(cluster: string): Promise<void> {
  await removeGroups((name) => name.startsWith(namespacePrefix(cluster)));
  for (const name of entries(nspawnPlaces))
    if (name.startsWith(machineOf(cluster, "")))
      rmSync(join(nspawnPlaces, name), { recursive: true, force: true });
}

/** What the machine said on its console since it was made. */
export const consoleOf = (ledger: Ledger, machine: string): string =>
  join(ledger.directory, "console", machine);

/** Machine names are host names: no dot-separated labels of ours, and one machine of a name on this computer. */
const machineOf = (cluster: string, machine: string): string => `holdfast-${cluster}-${machine}`.slice(0, 63);

/** nspawn has short-lived children while it prepares; the one that stays is systemd. */
async function firstProcess(nspawn: number, ledger: Ledger, machine: string): Promise<ProcessId> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(5)) {
    for (const child of childrenOf(nspawn)) {
      const isInit = /(^|\/)(init|systemd)$/.test(argvOf(child)[0] ?? "");
      const identity = isInit ? identify(child) : null;
      if (identity !== null) return identity;
    }
    if (identify(nspawn) === null) break;
  }
  const said = readFileSync(consoleOf(ledger, machine), "utf8").trim().split("\n").slice(-3).join(" / ");
  throw new Error(`${machine} does not boot: ${said || "it ended at once"}`);
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, "a", 0o600);
}
