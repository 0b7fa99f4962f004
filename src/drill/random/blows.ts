import type { Cluster } from "../../topology/cluster.js";
import { vrrpNetworks } from "../../topology/select.js";
import { detection, handover } from "../../topology/timing.js";
import { allowance, deadPathFoundWithin, frozenFoundWithin, silentServerNoticed } from "../allowance.js";
import type { Fault } from "../fault/fault.js";
import { link } from "../fault/link.js";
import { path } from "../fault/path.js";
import { power } from "../fault/power.js";
import { signal } from "../fault/signal.js";
import type { Blow } from "./blow.js";

/** Milliseconds: a node boots and its agent has caught up; engines and links take less. */
const recovery = { power: 15_000, process: 6_000, link: 4_000 };

/** Milliseconds in which an agent that was killed runs again, and has looked at everything. */
export const witsBackWithin = 8_000;

/** Everything that may be struck in a random course, each machine with each fault. */
export function blowsFor(cluster: Cluster): Blow[] {
  const { nodes, services } = cluster;
  const others = (name: string) => nodes.find((node) => node.name !== name)?.name ?? "";
  const proxied = services.some(({ mode }) => mode === "proxy");
  const silent = detection(cluster) + allowance.takeover;
  const told = handover(cluster) + allowance.notice + allowance.takeover;

  const onNode = (node: string, network: string, fault: Fault) =>
    fault.on({
      ...{ active: node, standby: others(node), network },
      busiestServer: { machine: "", sessions: 0 },
    });
  const blow = (
    of: Pick<Blow, "strikes" | "on" | "injection" | "recovery">,
    addressGap: number,
    serviceGap = addressGap,
  ): Blow => ({ ...of, key: `${of.on} ${of.injection.text}`, whole: false, addressGap, serviceGap });

  const ofNode = ({ name: on, interfaces }: Cluster["nodes"][number]): Blow[] => {
    const at = (fault: Fault, recovers: number, network = "") =>
      ({ strikes: "node", on, injection: onNode(on, network, fault), recovery: recovers }) as const;
    const process = (daemon: string, which: "SIGKILL" | "SIGTERM" | "SIGSTOP") =>
      at(signal("active", daemon, which), recovery.process);
    const moving = vrrpNetworks(cluster).flatMap(({ name: network }) => [
      blow(at(link("active"), recovery.link, network), silent),
      blow(at(path("active"), recovery.link, network), Math.max(deadPathFoundWithin, silent)),
    ]);
    const quiet = interfaces
      .map(({ network }) => network)
      .filter((network) => vrrpNetworks(cluster).every(({ name }) => name !== network))
      .flatMap((network) => [
        blow(at(link("active"), recovery.link, network), 0),
        blow(at(path("active"), recovery.link, network), 0),
      ]);
    return [
      { ...blow(at(power("active"), recovery.power), silent), whole: true },
      blow(process("keepalived", "SIGKILL"), silent),
      blow(process("keepalived", "SIGTERM"), silent),
      blow(process("keepalived", "SIGSTOP"), silent),
      blow(process("haproxy", "SIGKILL"), proxied ? told : 0),
      blow(process("haproxy", "SIGSTOP"), proxied ? told : 0, proxied ? told + frozenFoundWithin : 0),
      blow(process("conntrackd", "SIGKILL"), 0),
      blow({ ...process("holdfast-agent", "SIGKILL"), strikes: "wits", recovery: witsBackWithin }, 0),
      ...moving,
      ...quiet,
    ];
  };
  const ofServer = (on: string): Blow[] =>
    (["SIGKILL", "SIGSTOP"] as const).map((which) => {
      const situation = { ...{ active: "", standby: "", network: "" } };
      const fault = signal("busiest-server", "controller", which);
      const injection = fault.on({ ...situation, busiestServer: { machine: on, sessions: 0 } });
      const gap = silentServerNoticed(cluster) + allowance.greeting;
      return blow({ strikes: "server", on, injection, recovery: gap }, 0, gap);
    });
  const servers = new Set(services.flatMap((service) => service.servers.map(({ name }) => name)));
  return [...nodes.flatMap(ofNode), ...[...servers].flatMap(ofServer)];
}
