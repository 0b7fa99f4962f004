import { setTimeout as sleep } from "node:timers/promises";
import { virtualIpNamed } from "../topology/select.js";
import type { Lab } from "./lab.js";
import type { Layout } from "./layout-plan.js";
import { connectedBy, switchConnection, switchLog } from "./open-vswitch.js";
import { program } from "./program.js";

/** Asks `question` until it answers yes; the error then says what did not become true. */
export async function until(
  what: string,
  question: () => Promise<boolean>,
  { patience, signal }: { patience: number; signal: AbortSignal },
): Promise<void> {
  for (const end = Date.now() + patience; !(await question()); ) {
    signal.throwIfAborted();
    if (Date.now() > end) throw new Error(`${what}: not so after ${patience / 1000} s`);
    await sleep(25);
  }
}

/** Every virtual IP stands on one and the same node. */
export async function oneNodeIsActive({ cluster, machine }: Lab): Promise<boolean> {
  const wanted = cluster.virtualIps.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const owned = await Promise.all(
    cluster.nodes.map(async ({ name }) => {
      const { stdout } = await machine(name).exec(["ip", "-json", "address", "show"]);
      return wanted.filter((address) => stdout.includes(`"local":"${address}"`));
    }),
  );
  return (
    wanted.length === owned.flat().length && owned.some((addresses) => addresses.length === wanted.length)
  );
}

/** Every service of the cluster accepts a connection from a plain host on its virtual IP's network. */
export async function servicesAnswer({ cluster, machines }: Lab): Promise<boolean> {
  const asked = cluster.services.flatMap(({ listen: { virtualIp, port } }) => {
    const { network, addresses } = virtualIpNamed(cluster, virtualIp);
    const client = machines.find(({ kind, addresses: own }) => kind === "host" && network in own);
    return client === undefined ? [] : addresses.map(({ address }) => ({ client, address, port }));
  });
  const answers = await Promise.all(
    asked.map(({ client, address, port }) =>
      client.exec(["/usr/bin/python3", "-B", program.connect, address, String(port)]),
    ),
  );
  return answers.every(({ exitCode }) => exitCode === 0);
}

export async function connectSwitches(lab: Lab, layout: Layout): Promise<void> {
  for (const plan of layout.switches) {
    const { exitCode, stderr } = await lab.machine(plan.machine).exec(switchConnection(plan));
    if (exitCode !== 0) throw new Error(`${plan.machine}: ${stderr.trim()}`);
  }
}

export async function switchesConnected(lab: Lab, layout: Layout): Promise<boolean> {
  const answers = await Promise.all(
    layout.switches.map(({ machine }) => lab.machine(machine).exec(["cat", switchLog])),
  );
  return answers.every(({ stdout }) => connectedBy(stdout));
}

/** The hosts behind the switches reach each other, through flows that a controller installed. */
export async function hostsReachEachOther(lab: Lab, layout: Layout): Promise<boolean> {
  const [first, ...others] = layout.switches.map(({ host }) => host);
  if (first === undefined) return true;
  const answers = await Promise.all(
    others.map(({ address }) => lab.machine(first.machine).exec(["ping", "-c", "1", "-W", "1", address])),
  );
  return answers.every(({ exitCode }) => exitCode === 0);
}
