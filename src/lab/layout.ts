import type { Cluster } from "../topology/cluster.js";
import { prefixOf } from "../topology/cluster-addresses.js";
import { vrrpNetworks } from "../topology/select.js";
import { dataPlanePrefix } from "./layout-addresses.js";
import { masterDrafts, masterListeners, masterNames } from "./layout-masters.js";
import type { Layout, Listener, MachinePlan, MachineRoute } from "./layout-plan.js";
import { allPrefixes, routerOn } from "./layout-routers.js";
import { serverMachines } from "./layout-servers.js";
import { type Draft, free, placed, type Site, survey } from "./layout-site.js";
import { type ControlPlane, controlPlane, dataPlane, segmentName } from "./layout-switches.js";
import { vpnSite } from "./layout-vpn.js";
import { answeredBy, witnessDrafts } from "./layout-witnesses.js";
import { distinctName, macAddress, portName } from "./names.js";

export interface LabSize {
  /** Switches, each with a host behind it; 0..200. */
  readonly switches: number;
  /** Clients of the VPN servers; 0..200. Default: one for each server, and all that the topology names. */
  readonly vpnClients?: number | undefined;
}

/** The whole lab of a cluster on paper. Same cluster and size, same lab: addresses, names and MACs included. */
export function layout(cluster: Cluster, { switches, vpnClients }: LabSize): Layout {
  if (!Number.isInteger(switches) || switches < 0 || switches > 200)
    throw new Error("a lab has 0 to 200 switches");
  const site = survey(cluster);
  const control = controlPlane(cluster, site.routers);
  const vpn = vpnSite(site, vpnClients);
  const drafts = [
    ...nodeDrafts(cluster, vpn.nodeRoutes),
    ...serverDrafts(site),
    ...labHostDrafts(site),
    ...masterDrafts(site, standing(cluster)),
    ...routerDrafts(site),
    ...clientDrafts(site),
    ...vpn.drafts,
  ];
  drafts.push(...witnessDrafts(site, drafts));
  const switchDrafts = control === null ? [] : switchesOn(site, control, switches);
  const machines = number([...drafts, ...switchDrafts]);
  const added = machines.slice(drafts.length);
  const pairs = added
    .slice(0, added.length / 2)
    .map(({ name }, index) => ({ machine: name, host: added[index + added.length / 2]?.name ?? "" }));
  const subnet = dataPlanePrefix([
    ...site.segments.flatMap(({ prefixes }) => prefixes),
    ...routedPrefixes(cluster),
  ]);
  const plane =
    control === null ? { cables: [], switches: [] } : dataPlane(pairs, subnet, control.controller);
  return { cluster: cluster.name, segments: site.segments, machines, ...plane, vpnClients: vpn.clients };
}

const nodeDrafts = ({ nodes }: Cluster, routes: readonly MachineRoute[]): Draft[] =>
  nodes.map(({ name, interfaces }) => ({
    name,
    kind: "node",
    links: interfaces.map(({ network, device, addresses }) => ({ segment: network, device, addresses })),
    routes, // The others are holdfast's own work.
  }));

function serverDrafts(site: Site): Draft[] {
  const nodes = new Set(
    site.cluster.nodes.flatMap(({ interfaces }) => interfaces.flatMap((i) => i.addresses)),
  );
  const nodeAddresses = new Set([...nodes].map(({ address }) => address));
  return serverMachines(site.cluster)
    .filter(({ address }) => !nodeAddresses.has(address))
    .map(({ address, names: [name = "", ...aliases], listeners }) => ({
      name,
      aliases: others(name, [
        ...aliases,
        ...site.cluster.lab.hosts.filter((host) => host.address.address === address).map((host) => host.name),
        ...masterNames(site.cluster, address),
      ]),
      kind: listeners.some(({ kind }) => kind === "openflow") ? "controller" : "echo",
      listeners: withMasters(site.cluster, address, listeners),
      ...placed(site, address),
    }));
}

function labHostDrafts(site: Site): Draft[] {
  const servers = new Set(serverMachines(site.cluster).map(({ address }) => address));
  return site.cluster.lab.hosts
    .filter(({ address }) => !servers.has(address.address))
    .map(({ name, address: { address } }) => ({
      name,
      aliases: others(name, masterNames(site.cluster, address)),
      kind: "host",
      listeners: masterListeners(site.cluster, address),
      ...placed(site, address),
    }));
}

/** Addresses of servers and lab hosts: a master controller may be one of them. */
const standing = (cluster: Cluster): ReadonlySet<string> =>
  new Set([
    ...serverMachines(cluster).map(({ address }) => address),
    ...cluster.lab.hosts.map(({ address }) => address.address),
  ]);

const others = (name: string, names: readonly string[]): string[] =>
  [...new Set(names)].filter((other) => other !== name);

/** What answers for a service goes before a master controller on the same port. */
const withMasters = (cluster: Cluster, address: string, listeners: readonly Listener[]): Listener[] => [
  ...listeners,
  ...masterListeners(cluster, address).filter(({ port }) => !listeners.some((own) => own.port === port)),
];

const routerDrafts = (site: Site): Draft[] =>
  site.routers.map((plan) => ({
    name: "router",
    kind: "router",
    links: [
      { segment: plan.network, device: "eth1", addresses: [...plan.addresses, ...answeredBy(site, plan)] },
      ...plan.behind.map((subnet, index) => ({
        segment: segmentName(subnet),
        device: `eth${index + 2}`,
        addresses: routerOn(subnet),
      })),
    ],
    routes: plan.routes,
  }));

/** A plain host on each network that has a virtual IP, and one behind the first router. */
function clientDrafts(site: Site): Draft[] {
  const [behind] = site.routers.flatMap((plan) => plan.behind);
  return [
    ...vrrpNetworks(site.cluster).map(({ name }) => free(site, `client-${name}`, "host", name)),
    ...(behind === undefined ? [] : [free(site, "client-behind-router", "host", segmentName(behind))]),
  ];
}

/** All switches, then the host of each in the same order. */
function switchesOn(site: Site, { segments }: ControlPlane, count: number): Draft[] {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return [
    ...numbers.map((index) =>
      free(site, `switch-${index + 1}`, "switch", segments[index % segments.length] ?? ""),
    ),
    ...numbers.map((index): Draft => ({ name: `host-${index + 1}`, kind: "host", links: [], routes: [] })),
  ];
}

const routedPrefixes = (cluster: Cluster) => [
  ...allPrefixes(cluster),
  ...cluster.routes.map(({ destination }) => prefixOf(destination)).filter(({ prefix }) => prefix > 0),
];

/** Distinct names in the order of the drafts, and a number for every port of the fabric. */
function number(drafts: readonly Draft[]): MachinePlan[] {
  const taken = new Set<string>();
  let ports = 0;
  return drafts.map(({ name, aliases = [], kind, links, routes, listeners = [] }) => {
    const own = distinctName(name, taken);
    taken.add(own);
    const numbered = links.map((link) => ({ ...link, name: portName(ports), mac: macAddress(++ports) }));
    return {
      name: own,
      aliases: [...aliases],
      kind,
      ports: numbered,
      routes: [...routes],
      listeners: [...listeners],
    };
  });
}
