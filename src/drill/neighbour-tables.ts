import { setTimeout as sleep } from "node:timers/promises";
import type { Lab, Machine } from "../lab/lab.js";
import type { Cluster } from "../topology/cluster.js";
import { type Belief, beliefsIn, type Misled, misledBy, type NeighboursSeen } from "./neighbours.js";

/** Machines that are entered at a time: a lab may have hundreds. */
const atOnce = 8;

/** Milliseconds that a virtual IP may take to answer. */
const answerWithin = 500;

/** Milliseconds. */
const toldWithin = 2_000;
const lookEvery = 300;

/** Has every host of the lab know the virtual IPs of its networks, as one that was served yesterday would. */
export const acquaint = async (lab: Lab): Promise<void> =>
  void (await onEach(hosts(lab), (machine) => {
    const own = addressesBefore(lab.cluster, machine);
    // Who answers, and whether, is not what is asked here.
    return machine.exec(["fping", "-q", "-r", "0", "-t", String(answerWithin), ...own]);
  }));

/**
 * Who sends what is meant for a virtual IP to somebody else. Looks again while anybody does: who missed the first
 * announcement hears the next a second after the takeover.
 *
 * @param owners the nodes that own the virtual IPs at a moment, by network
 * @param injectedAt wall-clock milliseconds
 */
export async function seenNeighbours(
  lab: Lab,
  owners: (now: number) => ReadonlyMap<string, string>,
  injectedAt: number,
  signal: AbortSignal,
): Promise<NeighboursSeen> {
  const until = Date.now() + toldWithin;
  for (;;) {
    const now = Date.now();
    const found = await misledHosts(lab, owners(now));
    if (found.misled.length === 0 || now >= until) return { ...found, after: now - injectedAt };
    await sleep(lookEvery, undefined, { signal });
  }
}

async function misledHosts(
  lab: Lab,
  owners: ReadonlyMap<string, string>,
): Promise<{ entries: number; misled: Misled[] }> {
  const beliefs = (await onEach(hosts(lab), (machine) => beliefsOf(lab.cluster, machine))).flat();
  const macs = new Map(
    [...owners].map(([network, node]) => [network, lab.machine(node).macs[network] ?? ""]),
  );
  const names = new Map(
    lab.machines.flatMap(({ name, macs }) => Object.values(macs).map((mac) => [mac, name] as const)),
  );
  return { entries: beliefs.length, misled: misledBy(beliefs, macs, names) };
}

async function beliefsOf(cluster: Cluster, machine: Machine): Promise<Belief[]> {
  const { exitCode, stdout, stderr } = await machine.exec(["ip", "-json", "neighbour", "show"]);
  if (exitCode !== 0) throw new Error(`${machine.name} does not show its neighbours: ${stderr}`);
  return beliefsIn(cluster, machine.name, stdout);
}

/** Every machine beside the nodes that stands on a network with a virtual IP. */
const hosts = (lab: Lab): Machine[] =>
  lab.machines.filter(
    (machine) => machine.kind !== "node" && addressesBefore(lab.cluster, machine).length > 0,
  );

/** The virtual IPs of its networks, in the families that it has there. */
const addressesBefore = (cluster: Cluster, { addresses: own }: Machine): string[] =>
  cluster.virtualIps.flatMap(({ network, addresses }) => {
    const families = new Set((own[network] ?? []).map((address) => (address.includes(":") ? 6 : 4)));
    return addresses.filter(({ family }) => families.has(family)).map(({ address }) => address);
  });

async function onEach<T>(machines: readonly Machine[], work: (machine: Machine) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let first = 0; first < machines.length; first += atOnce)
    done.push(...(await Promise.all(machines.slice(first, first + atOnce).map(work))));
  return done;
}
