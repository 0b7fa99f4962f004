import type { Cluster } from "../topology/cluster.js";
import { labDown } from "./down.js";
import { layCables, makeFabric } from "./fabric.js";
import { issueIdentities } from "./identities.js";
import type { Lab } from "./lab.js";
import { layout as drawLayout } from "./layout.js";
import type { Layout } from "./layout-plan.js";
import { Ledger } from "./ledger.js";
import { labOf } from "./open.js";
import { bootMachine, startWork } from "./power.js";
import {
  connectSwitches,
  hostsReachEachOther,
  oneNodeIsActive,
  servicesAnswer,
  switchesConnected,
  until,
} from "./readiness.js";
import { claimRegistry } from "./registry.js";
import { checkRequirements } from "./requirements.js";
import { startPrograms } from "./servers.js";
import { prepareVpnDisks } from "./vpn-disks.js";
import { clientsReachEachOther } from "./vpn-readiness.js";

/** The stages of a lab's start, in their order. */
export const stages = [
  "fabric",
  "machines",
  "programs",
  "configure",
  "active",
  "switches",
  "ping",
  "vpn",
] as const;
export type Stage = (typeof stages)[number];

export interface Progress {
  readonly stage: Stage;
  readonly state: "begun" | "done";
  /** What came of it, for instance "11 machines". */
  readonly detail: string;
}

export interface LabOptions {
  readonly switches: number;
  /** Clients of the VPN servers; default: one for each server, and all that the topology names. */
  readonly vpnClients?: number | undefined;
  /**
   * Puts the rendered files on the nodes and starts their engines. Without it the lab stops short: machines and
   * programs stand, and nobody waits for a virtual IP.
   */
  readonly configure?: (lab: Lab, signal: AbortSignal) => Promise<void>;
  readonly progress?: (progress: Progress) => void;
  /** An abort removes whatever has been made. */
  readonly signal?: AbortSignal;
}

/** Brings the whole cluster up. A lab of the same name, alive or left by a crash, goes first. All or nothing. */
export async function labUp(cluster: Cluster, options: LabOptions): Promise<Lab> {
  checkRequirements(cluster);
  const layout = drawLayout(cluster, options);
  await labDown(cluster.name);
  try {
    return await build(cluster, layout, options);
  } catch (error) {
    await labDown(cluster.name);
    throw error;
  }
}

async function build(cluster: Cluster, layout: Layout, options: LabOptions): Promise<Lab> {
  const {
    switches,
    vpnClients,
    configure,
    progress = () => undefined,
    signal = new AbortController().signal,
  } = options;
  const ledger = new Ledger(cluster.name);
  const record = { schema: "holdfast/lab/v1", cluster, switches, vpnClients } as const;
  const lab = labOf(record, layout, ledger);
  const stage: RunStage = async (name, detail, work) => {
    signal.throwIfAborted();
    progress({ stage: name, state: "begun", detail: "" });
    await work();
    progress({ stage: name, state: "done", detail });
  };

  await stage("fabric", count(layout.segments.length, "network"), async () => {
    claimRegistry();
    ledger.open(record);
    await issueIdentities(cluster, ledger);
    await prepareVpnDisks(cluster, layout, ledger);
    await makeFabric(layout);
  });
  await stage("machines", count(layout.machines.length, "machine"), async () => {
    await Promise.all(layout.machines.map((machine) => bootMachine(layout, machine, ledger)));
    await layCables(layout, new Set(layout.machines.map(({ name }) => name)));
  });
  await stage("programs", "controllers, switches and supervisors run", () =>
    Promise.all(
      // A client that finds no server yet would go on to the next one.
      layout.machines
        .filter(({ kind }) => kind !== "vpn-client")
        .map(async (machine) => {
          await startWork(cluster, layout, machine, ledger.running(machine.name));
        }),
    ),
  );
  if (configure === undefined) return lab;

  const wait = { patience: 30_000, signal };
  await stage("configure", whatIsConfigured(cluster), () => configure(lab, signal));
  await servicesStand(lab, layout, stage, wait);
  await clientsConnect(lab, layout, ledger, stage, wait);
  return lab;
}

type RunStage = (name: Stage, detail: string, work: () => Promise<unknown>) => Promise<void>;
type Wait = Parameters<typeof until>[2];

/** What load balancers are there for, from the virtual IPs to the hosts behind the switches. */
async function servicesStand(lab: Lab, layout: Layout, stage: RunStage, wait: Wait): Promise<void> {
  if (lab.cluster.nodes.length === 0) return;
  await stage("active", "one node holds every virtual IP, and its services answer", async () => {
    await until("one node holds every virtual IP", () => oneNodeIsActive(lab), wait);
    await until("every service answers", () => servicesAnswer(lab), wait);
  });
  if (layout.switches.length === 0) return;
  await stage("switches", `${count(layout.switches.length, "switch", "es")} connected`, async () => {
    await connectSwitches(lab, layout);
    await until("every switch is connected", () => switchesConnected(lab, layout), wait);
  });
  await stage("ping", "the hosts behind the switches reach each other", () =>
    until("the hosts behind the switches reach each other", () => hostsReachEachOther(lab, layout), wait),
  );
}

async function clientsConnect(
  lab: Lab,
  layout: Layout,
  ledger: Ledger,
  stage: RunStage,
  wait: Wait,
): Promise<void> {
  const clients = layout.machines.filter(({ kind }) => kind === "vpn-client");
  if (clients.length === 0) return;
  await stage("vpn", `${count(clients.length, "VPN client")} connected, and reach each other`, async () => {
    for (const machine of clients) await startPrograms(ledger.running(machine.name), machine);
    await until("every VPN client reaches the others", () => clientsReachEachOther(lab, layout), wait);
  });
}

const whatIsConfigured = ({ nodes, vpn }: Cluster): string =>
  [
    ...(nodes.length === 0 ? [] : [count(nodes.length, "node")]),
    ...(vpn === null ? [] : [count(vpn.servers.length, "VPN server")]),
  ].join(" and ");

const count = (number: number, noun: string, plural = "s"): string =>
  `${number} ${noun}${number === 1 ? "" : plural}`;
