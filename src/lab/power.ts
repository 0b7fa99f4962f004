import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { runner } from "../host/run.js";
import type { Cluster } from "../topology/cluster.js";
import { vpnServerNamed } from "../topology/vpn-select.js";
import { startInBackground } from "./background.js";
import { must } from "./command.js";
import { boot, enter, halt } from "./container.js";
import { controlSocket } from "./control.js";
import { cutLinks, layCables, plugIn, unplug } from "./fabric.js";
import { hasAgent } from "./lab.js";
import type { Layout, MachinePlan } from "./layout-plan.js";
import type { Ledger } from "./ledger.js";
import { switchConnection, switchStart } from "./open-vswitch.js";
import type { ProcessId } from "./processes.js";
import { program } from "./program.js";
import { hostOf } from "./running-machine.js";
import { startPrograms } from "./servers.js";
import { prepareManagement } from "./vpn-management.js";

/** Boots a machine on its disk and plugs it in. What runs on it is started by `startWork`. */
export async function bootMachine(layout: Layout, machine: MachinePlan, ledger: Ledger): Promise<void> {
  const init = await boot(layout.cluster, machine.name, ledger, hostsFile(layout));
  if (machine.kind === "router") {
    const forward = ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"];
    await must([...enter(init), "sysctl", "--quiet", "--write", ...forward]);
  }
  // Else it would answer on its link for its address in the virtual network, and be reached without any.
  if (machine.kind === "vpn-server" || machine.kind === "vpn-client")
    await must([...enter(init), "sysctl", "--quiet", "--write", "net.ipv4.conf.all.arp_ignore=1"]);
  await plugIn(layout, machine);
}

/** Starts what a machine is there for: a node's supervisor, a server's programs, a switch, a VPN client. */
export async function startWork(
  { vpn }: Cluster,
  layout: Layout,
  machine: MachinePlan,
  init: ProcessId,
): Promise<void> {
  if (vpn !== null && machine.kind === "vpn-server")
    await prepareManagement(vpnServerNamed(vpn, machine.name), hostOf(machine, init));
  if (hasAgent(machine.kind)) {
    await startInBackground(init, "supervisor", [process.execPath, program.supervisor]);
    await supervisorListens(machine.name, init);
  }
  const index = layout.switches.findIndex((plan) => plan.machine === machine.name);
  const plan = layout.switches[index];
  if (plan !== undefined)
    for (const argv of switchStart(plan, index + 1)) await must([...enter(init), ...argv]);
  await startPrograms(init, machine);
}

/**
 * As a power loss: first nothing passes any more, then every process is dead. So no dying socket says goodbye, and as the
 * carrier stays until then, nobody in the machine lives to see that the links are gone. Nothing happens when it is off.
 */
export async function powerOff(layout: Layout, machine: MachinePlan, ledger: Ledger): Promise<void> {
  if (ledger.init(machine.name) === null) return;
  await cutLinks(layout, machine);
  await halt(layout.cluster, machine.name, ledger);
  await unplug(layout, machine);
}

/** Boots it from its disk and starts its work again. Nothing happens when it is on. */
export async function powerOn(
  cluster: Cluster,
  layout: Layout,
  machine: MachinePlan,
  ledger: Ledger,
): Promise<void> {
  if (ledger.init(machine.name) !== null) return;
  await unplug(layout, machine);
  await bootMachine(layout, machine, ledger);
  await layCables(layout, new Set([machine.name]));
  const init = ledger.running(machine.name);
  await startWork(cluster, layout, machine, init);
  const plan = layout.switches.find((candidate) => candidate.machine === machine.name);
  if (plan !== undefined) await runner(enter(init))(switchConnection(plan));
}

/** Every machine of the lab by all of its names (hosts(5)). */
export function hostsFile({ machines, vpnClients }: Layout): string {
  const lines = machines.flatMap(({ name, aliases, kind, ports }) => {
    const names = kind === "vpn-client" ? [name] : [name, ...aliases];
    return ports.flatMap(({ addresses }) => addresses.map(({ address }) => [address, ...names].join(" ")));
  });
  // By its common name a client is meant where the others of the virtual network reach it.
  const inside = vpnClients.flatMap(({ commonName, addresses }) =>
    addresses.map((address) => `${address} ${commonName}`),
  );
  return `${["127.0.0.1 localhost", "::1 localhost ip6-localhost", ...lines, ...inside].join("\n")}\n`;
}

async function supervisorListens(name: string, { pid }: ProcessId): Promise<void> {
  for (const end = Date.now() + 20_000; !existsSync(`/proc/${pid}/root${controlSocket}`); await sleep(10))
    if (Date.now() > end)
      throw new Error(`${name}: its supervisor does not start; see /run/log/supervisor.log there`);
}
