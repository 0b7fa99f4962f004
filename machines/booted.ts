import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeFabric, unplug } from "../src/lab/fabric.js";
import { hasAgent, type Lab, type LabFaults } from "../src/lab/lab.js";
import { layout as drawLayout } from "../src/lab/layout.js";
import type { Layout, MachinePlan } from "../src/lab/layout-plan.js";
import { type LabRecord, Ledger } from "../src/lab/ledger.js";
import { labOf } from "../src/lab/open.js";
import { bootMachine as bootPlain, hostsFile, startWork } from "../src/lab/power.js";
import { claimRegistry } from "../src/lab/registry.js";
import { VpnAuthority } from "../src/lab/vpn-authority.js";
import { prepareVpnClients } from "../src/lab/vpn-disks.js";
import type { Cluster } from "../src/topology/cluster.js";
import { prepareDisk } from "./disk.js";
import { machinesDown } from "./down.js";
import { guard } from "./guard.js";
import { bootedMachine } from "./machine.js";
import { bootMachine, clearAway, forget } from "./nspawn.js";
import { debianRoot } from "./root.js";
import { makeHostKeys, makeKey, type Reach, reach } from "./ssh.js";

/** A lab whose nodes, VPN servers and first controller are machines that boot Debian. The others are plain ones. */
export interface BootedLab extends Lab {
  readonly ssh: Reach;
  /** A place for whatever belongs to this run; it goes with the lab. */
  readonly directory: string;
  /** Machines that boot. */
  readonly booted: readonly string[];
  /** Whoever signs what OpenVPN shows; null where there are no VPN servers. Its clients have theirs already, and do not run. */
  readonly vpnAuthority: VpnAuthority | null;
  /** Loses power and its disk; another machine comes into its place, bare, with the same devices and addresses. */
  replace(machine: string): Promise<void>;
  /** An orderly end, as `systemctl poweroff` makes it. */
  shutDown(machine: string): Promise<void>;
  down(): Promise<void>;
}

/** Brings up fresh machines with links and addresses, and nothing of holdfast. What was left of an earlier run goes first. */
export async function bootedLab(cluster: Cluster, progress: (text: string) => void): Promise<BootedLab> {
  const root = await debianRoot(progress);
  const layout = drawLayout(cluster, { switches: 0 });
  await machinesDown(cluster.name);
  const release = guard(cluster.name);
  try {
    return await build(cluster, layout, root, release);
  } catch (error) {
    await machinesDown(cluster.name);
    release();
    throw error;
  }
}

async function build(
  cluster: Cluster,
  layout: Layout,
  root: string,
  release: () => void,
): Promise<BootedLab> {
  const ledger = new Ledger(cluster.name);
  const record: LabRecord = { schema: "holdfast/lab/v1", cluster, switches: 0 };
  claimRegistry();
  ledger.open(record);
  await makeFabric(layout);
  const isBooted = whoBoots(layout);
  const key = await makeKey(ledger.directory);
  const layDisk = async (plan: MachinePlan): Promise<void> => {
    const upper = join(ledger.disk(plan.name), "upper");
    mkdirSync(upper, { recursive: true, mode: 0o755 });
    prepareDisk(upper, plan, hostsFile(layout), key.publicKey);
    await makeHostKeys(upper);
  };
  await Promise.all(layout.machines.filter(isBooted).map(layDisk));
  const vpnAuthority = cluster.vpn === null ? null : await VpnAuthority.make(join(ledger.directory, "vpn"));
  if (cluster.vpn !== null && vpnAuthority !== null)
    await prepareVpnClients(cluster.vpn, layout, ledger, vpnAuthority);
  await Promise.all(
    layout.machines.map(async (plan) => {
      if (isBooted(plan)) return bootMachine(layout, plan, ledger, root);
      await bootPlain(layout, plan, ledger);
      if (plan.kind === "vpn-client") return; // No server runs yet.
      const init = ledger.init(plan.name);
      if (init === null) throw new Error(`${plan.name} went down while it booted`);
      await startWork(cluster, layout, plan, init);
    }),
  );
  return labWith({
    layout,
    ledger,
    record,
    root,
    isBooted,
    layDisk,
    release,
    keyFile: key.path,
    vpnAuthority,
  });
}

interface Parts {
  readonly layout: Layout;
  readonly ledger: Ledger;
  readonly record: LabRecord;
  readonly root: string;
  readonly isBooted: (plan: MachinePlan) => boolean;
  /** What a machine has before holdfast comes. */
  readonly layDisk: (plan: MachinePlan) => Promise<void>;
  readonly release: () => void;
  readonly keyFile: string;
  readonly vpnAuthority: VpnAuthority | null;
}

function labWith(parts: Parts): BootedLab {
  const { layout, ledger, record, root, isBooted, layDisk, release, keyFile, vpnAuthority } = parts;
  const plain = labOf(record, layout, ledger);
  const plans = layout.machines.filter(isBooted);
  const booted = plans.map(({ name }) => name);
  const machines = plain.machines.map((machine) =>
    booted.includes(machine.name) ? bootedMachine(machine, ledger) : machine,
  );
  const machine = (name: string) => {
    const { name: own } = plain.machine(name);
    return machines.find((candidate) => candidate.name === own) ?? plain.machine(name);
  };
  const faults: LabFaults = {
    ...plain.faults,
    async powerOff(name) {
      await plain.faults.powerOff(name);
      await forget(record.cluster.name, name);
    },
    async powerOn(name) {
      const plan = plans.find((candidate) => candidate.name === name);
      if (plan === undefined) return plain.faults.powerOn(name);
      if (ledger.init(name) !== null) return;
      await unplug(layout, plan);
      await bootMachine(layout, plan, ledger, root);
    },
    start: (name, daemon) =>
      booted.includes(name) ? machine(name).host.services.start(daemon) : plain.faults.start(name, daemon),
  };
  const planOf = (name: string): MachinePlan => {
    const plan = plans.find((candidate) => candidate.name === name);
    if (plan === undefined) throw new Error(`${name} is no machine that boots`);
    return plan;
  };
  return {
    ...plain,
    ...{ machines, machine, faults, booted, vpnAuthority },
    directory: ledger.directory,
    ssh: reach(record.cluster.name, keyFile, ledger.directory),
    async replace(name) {
      await faults.powerOff(name);
      rmSync(ledger.disk(name), { recursive: true });
      await layDisk(planOf(name));
      await faults.powerOn(name);
    },
    async shutDown(name) {
      const plan = planOf(name);
      await machine(name).exec(["systemctl", "poweroff"]);
      for (const end = Date.now() + 60_000; ledger.init(name) !== null; await sleep(20))
        if (Date.now() > end) throw new Error(`${name} does not shut down`);
      await clearAway(layout, plan, ledger);
    },
    async down() {
      await machinesDown(record.cluster.name);
      release();
    },
  };
}

/** The nodes, the VPN servers, and of the controllers the first. */
function whoBoots({ machines }: Layout): (plan: MachinePlan) => boolean {
  const controller = machines.find(({ kind }) => kind === "controller");
  return (plan) => hasAgent(plan.kind) || plan === controller;
}
