import type { NodePreflight } from "../../api/preflight.js";
import type { Rendered } from "../../deploy/rendered.js";
import type { Host } from "../../host/host.js";
import { addressQuestions } from "../../preflight/address-probe.js";
import { routersHeard } from "../../preflight/adverts.js";
import { ownClock } from "../../preflight/clock.js";
import { devices, type Link, parseLinks } from "../../preflight/devices.js";
import { engines, enginesFound } from "../../preflight/engines.js";
import { type Check, type Finding, findingsOf } from "../../preflight/finding.js";
import { kernel } from "../../preflight/kernel.js";
import { neighbourFindings, parseEntries } from "../../preflight/neighbours.js";
import { networkd } from "../../preflight/networkd.js";
import { otherManagers } from "../../preflight/other-managers.js";
import { type Path, path, pathsToPeers, wholeData } from "../../preflight/path.js";
import { ports } from "../../preflight/ports.js";
import { advertLinks, advertsHeard } from "../../preflight/protocol-112.js";
import { routedClients } from "../../preflight/routed-clients.js";
import { otherRuleWriters } from "../../preflight/rule-writers.js";
import { virtualRouters } from "../../preflight/virtual-routers.js";
import { questionsOf } from "../../preflight/way-back.js";
import { paths } from "../../render/paths.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import { interfaceOn, nodeNamed, vrrpNetworks } from "../../topology/select.js";
import { attempt, outputOf } from "./attempt.js";
import { versionsOf } from "./installed.js";
import { lookAtKernel } from "./look-kernel.js";
import { lookAtNetworkd, lookAtOtherManagers } from "./look-managers.js";
import { lookAtRuleWriters } from "./look-rule-writers.js";
import { sentBy, watched, watchWire } from "./look-wire.js";

type Looked = Omit<NodePreflight, "node" | "program" | "received" | "answered" | "beats">;

/**
 * Everything that this node can say of a topology. What could not be looked at is among the findings.
 * @param mirror the process that mirrors, the agent's child; null while none does
 */
export async function lookAround(
  host: Host,
  name: string,
  { cluster, files }: Rendered,
  mirror: number | null,
): Promise<Looked> {
  const node = nodeNamed(cluster, name);
  const links = parseLinks((await host.run(["ip", "-json", "address", "show"])).stdout);
  const cfg = files.find((file) => file.path === paths.haproxyCfg)?.body ?? "";
  const versions = await versionsOf(host, engines);
  const [wire, ...parts] = await Promise.all([
    lookAtWire(host, cluster, node, links),
    guarded("kernel", async () => kernel(cluster, node, await lookAtKernel(host, node, files))),
    guarded("managers", () => managers(host, cluster, node, links)),
    guarded("rule-writers", async () => otherRuleWriters(await lookAtRuleWriters(host))),
    guarded("ports", async () => ports(cluster, node, cfg, await listening(host, mirror))),
    guarded("clock", async () => [await clock(host)]),
    guarded("path", () => Promise.all(pathsToPeers(cluster, node, links).map((way) => walk(host, way)))),
  ]);
  return {
    active: isActive(cluster, links),
    mtus: mtusOf(node, links),
    versions: Object.fromEntries(versions),
    macs: [...new Set(links.map(({ mac }) => mac))].filter((mac) => !/^[0:]*$/.test(mac)),
    ...{ adverts: wire.adverts, claims: wire.claims },
    findings: [
      ...enginesFound(cluster, versions),
      ...devices(cluster, node, links),
      ...parts.flat(),
      ...wire.findings,
    ],
  };
}

/** A check that could not be made is unknown, and stops no other. */
async function guarded(check: Check, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return [findingsOf(check).unknown("this machine", `could not be looked at: ${words}`)];
  }
}

const isActive = (cluster: Cluster, links: readonly Link[]): boolean => {
  const present = new Set(links.flatMap(({ addresses }) => addresses));
  return cluster.virtualIps.some(({ addresses }) =>
    addresses.some(({ address, prefix }) => present.has(`${address}/${prefix}`)),
  );
};

const mtusOf = (node: Node, links: readonly Link[]): Record<string, number> =>
  Object.fromEntries(
    node.interfaces.flatMap(({ network, device }) => {
      const link = links.find(({ name }) => name === device);
      return link === undefined ? [] : [[network, link.mtu] as const];
    }),
  );

async function managers(
  host: Host,
  cluster: Cluster,
  node: Node,
  links: readonly Link[],
): Promise<Finding[]> {
  const found = [
    ...networkd(cluster, node, await lookAtNetworkd(host, node, links)),
    ...otherManagers(node, await lookAtOtherManagers(host)),
  ];
  return found.length > 0
    ? found
    : [findingsOf("managers").ok("all", "nobody else manages the node's devices")];
}

const listening = async (host: Host, mirror: number | null) => ({
  tcp: (await outputOf(host, ["ss", "-Hltnp"])) ?? "",
  udp: (await outputOf(host, ["ss", "-Hlunp"])) ?? "",
  agent: process.pid,
  mirror,
  haproxyCfg: (await runs(host, "haproxy")) ? ((await host.read(paths.haproxyCfg)) ?? "") : "",
  conntrackd: await runs(host, "conntrackd"),
});

const runs = (host: Host, service: string): Promise<boolean> =>
  host.services.status(service).then(
    ({ running }) => running,
    () => false,
  );

const clock = async (host: Host): Promise<Finding> =>
  ownClock({
    timedatectl: await outputOf(host, ["timedatectl", "show"]),
    chronyc: await outputOf(host, ["chronyc", "-n", "tracking"]),
    container: (await host.read("/run/systemd/container"))?.trim() ?? null,
  });

async function walk(host: Host, way: Path): Promise<Finding> {
  const answers = async (bytes: number): Promise<boolean> => {
    const argv = [
      ...["ping", `-${way.family}`, "-n", "-q", "-c", "3", "-i", "0.3", "-W", "1", "-M", "do"],
      ...["-s", String(bytes), "-I", way.own, way.address],
    ];
    return (await attempt(host, argv))?.exitCode === 0;
  };
  const [small, whole] = await Promise.all([answers(56), answers(wholeData(way))]);
  return path(way, { small, whole });
}

async function lookAtWire(
  host: Host,
  cluster: Cluster,
  node: Node,
  links: readonly Link[],
): Promise<Pick<NodePreflight, "adverts" | "claims"> & { findings: readonly Finding[] }> {
  const active = isActive(cluster, links);
  const macs = new Map(links.map(({ name, mac }) => [name, mac]));
  const [ways, echoes] = [advertLinks(cluster, node), questionsOf(cluster, node, active)];
  const routedTo = active ? macs : new Map<string, string>();
  const addresses = addressQuestions(cluster, node);
  const questions = { links: ways, echoes, addresses, devices: links, routedTo };
  const wire = await watchWire(host, cluster, node, questions);
  const entries = parseEntries((await outputOf(host, ["ip", "-json", "neighbour", "show"])) ?? "[]");
  const speaking = vrrpNetworks(cluster).flatMap((network) => {
    const frames = wire.frames.get(network.name) ?? null;
    if (frames !== null) return virtualRouters(cluster, node, network, routersHeard(frames), watched);
    const why = "no capture ran: is tcpdump installed, and the device up?";
    return [findingsOf("virtual-routers").unknown(network.name, why)];
  });
  const routed = [...wire.routed].map(([network, frames]) =>
    routedClients(cluster, { network, device: interfaceOn(node, network)?.device ?? "" }, frames, entries),
  );
  return {
    adverts: ways.map((way) => {
      const frames = wire.frames.get(way.network) ?? null;
      return advertsHeard(way, wire.probe, frames === null ? null : sentBy(way.address, frames));
    }),
    claims: addresses.flatMap(({ network, device, address, kind }, index) => {
      const claim = wire.claims[index];
      return claim === undefined ? [] : [{ network, device, address, kind, ...claim }];
    }),
    findings: [
      ...speaking,
      ...neighbourFindings(echoes, { replies: wire.replies, entries, macs }),
      ...routed,
    ],
  };
}
