import type { Cluster } from "../topology/cluster.js";
import { daemonMatcher } from "./daemon-processes.js";
import { setApart, setLink, setPath } from "./fabric.js";
import { adverts, announcements, forwarding, oneWay } from "./fabric-filter.js";
import { Halting } from "./halting.js";
import { certify } from "./identities.js";
import { hasAgent, type LabFaults } from "./lab.js";
import type { Layout, MachinePlan } from "./layout-plan.js";
import type { Ledger } from "./ledger.js";
import { setLoss } from "./loss.js";
import { powerOff, powerOn } from "./power.js";
import { argvOf, identify, inhabitants, kill, type ProcessId, send } from "./processes.js";
import { runningMachine } from "./running-machine.js";
import { startPrograms, startVpnClient } from "./servers.js";
import { betweenServers } from "./vpn-cut.js";
import { announceLies, announceTruth } from "./vpn-lies.js";
import { remoteOf } from "./vpn-remote.js";

/** Milliseconds. */
const day = 86_400_000;

/** What can be done to a running lab; `find` throws for a machine that is not part of it. */
export function faults(
  cluster: Cluster,
  layout: Layout,
  ledger: Ledger,
  find: (name: string) => MachinePlan,
): LabFaults {
  const running = (name: string): ProcessId => {
    const init = ledger.init(find(name).name);
    if (init === null) throw new Error(`${name} is off`);
    return init;
  };
  const processes = (init: ProcessId, daemon: string) => {
    const matches = daemonMatcher(daemon);
    return inhabitants(init.pid).filter((pid) => matches(argvOf(pid)));
  };
  const signal: LabFaults["signal"] = async (machine, daemon, which) => {
    const struck = processes(running(machine), daemon).flatMap((pid) => identify(pid) ?? []);
    // All at once: keepalived says goodbye, and takes its addresses along, as it sees its parent die.
    if (which === "SIGKILL") for (const { pid } of struck) send(pid, "SIGSTOP");
    for (const { pid } of struck) send(pid, which);
    // A killed one is seen until it is gone: whoever starts it next would take it for one that runs.
    if (which === "SIGKILL") await Promise.all(struck.map((each) => kill(each)));
    return struck.length;
  };
  const halting = new Halting(signal);
  return {
    powerOff: async (node) => powerOff(layout, find(node), ledger),
    powerOn: async (node) => powerOn(cluster, layout, find(node), ledger),
    linkDown: async (machine, network) => setLink(layout, find(machine), network, "down"),
    linkUp: async (machine, network) => setLink(layout, find(machine), network, "up"),
    pathDead: async (machine, network) => setPath(layout, find(machine), network, "dead"),
    pathAlive: async (machine, network) => setPath(layout, find(machine), network, "alive"),
    cutVrrp: () => forwarding(layout, adverts, "refused"),
    mendVrrp: () => forwarding(layout, adverts, "passed"),
    muffle: () => forwarding(layout, announcements(cluster), "refused"),
    unmuffle: () => forwarding(layout, announcements(cluster), "passed"),
    partition: async (machines) => setApart(layout, machines.map(find), "apart"),
    unite: async (machines) => setApart(layout, machines.map(find), "together"),
    mute: async (machine, networks) => forwarding(layout, oneWay(find(machine), networks, "out"), "refused"),
    unmute: async (machine, networks) => forwarding(layout, oneWay(find(machine), networks, "out"), "passed"),
    deafen: async (machine, networks) => forwarding(layout, oneWay(find(machine), networks, "in"), "refused"),
    undeafen: async (machine, networks) =>
      forwarding(layout, oneWay(find(machine), networks, "in"), "passed"),
    lose: async (machine, network, percent) => setLoss(layout, find(machine), network, percent),
    cutBetween: (server, other) => betweenServers(layout, find(server), find(other), "cut"),
    healBetween: (server, other) => betweenServers(layout, find(server), find(other), "whole"),
    lie: async (server) => announceLies(runningMachine(find(server), ledger).host),
    tellTruth: async (server) => announceTruth(runningMachine(find(server), ledger).host),
    signal,
    halt: async (machine, daemon, rhythm) => halting.begin(machine, daemon, rhythm),
    proceed: (machine, daemon) => halting.end(machine, daemon),
    async start(machine, daemon) {
      const plan = find(machine);
      const init = running(machine);
      if (hasAgent(plan.kind)) await runningMachine(plan, ledger).host.services.start(daemon);
      else if (processes(init, daemon).length === 0) await startPrograms(init, plan);
    },
    expire: (machine, within) => certify(cluster, find(machine).name, ledger, within / day),
    certify: (machine) => certify(cluster, find(machine).name, ledger),
    async connect(client, server) {
      const plan = find(client);
      const init = running(client);
      if (plan.kind !== "vpn-client") throw new Error(`${client} is no VPN client`);
      if (processes(init, "openvpn").length === 0) await startVpnClient(init, remoteOf(cluster, server));
    },
  };
}
