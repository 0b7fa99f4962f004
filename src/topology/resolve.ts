import type { Ip, Prefix } from "./address.js";
import { contains } from "./address.js";
import type {
  Cidr,
  Cluster,
  Family,
  HostAddress,
  Mirror,
  Network,
  Node,
  Server,
  Service,
  SourceNat,
} from "./cluster.js";
import type { Draft, DraftNetwork, DraftNode, DraftService, Placed } from "./draft.js";
import { resolveVpn } from "./resolve-vpn.js";
import { syncNetworks } from "./sync-networks.js";

/** VRRP priorities in order of preference: near 254 the skew all but vanishes, and later standbys never tie. */
const priorities = [254, 253, 189, 125, 61] as const;

/** In milliseconds. A rule must tell a delay that was written from this one, so the schema does not fill it in. */
const defaultPreemptDelay = 10_000;

/** Makes the cluster of a draft in which no rule found an error; anything missing is a defect of a rule and throws. */
export function resolve(draft: Draft): Cluster {
  const { spec, virtualIps, nodes, routes } = draft;
  const networks = [...draft.networks.values()];
  const network = (name: string): DraftNetwork => known(draft.networks.get(name), name);
  const sync = syncNetworks(draft);
  const towards = (ip: Ip): string => known(draft.towards(ip), ip.text).name;
  return {
    name: spec.cluster,
    networks: networks.map((each) =>
      resolveNetwork(
        each,
        virtualIps.some((virtualIp) => virtualIp.network === each.name),
      ),
    ),
    nodes: nodes.map((node, index) => resolveNode(node, known(priorities[index], "a priority"), network)),
    routes: routes.map(({ destination, via }) => ({
      destination: cidr(destination),
      via: via.text,
      network: towards(via),
    })),
    failover: {
      profile: spec.failover.profile,
      advertInterval: spec.failover.advert_interval,
      downAdverts: spec.failover.down_adverts,
      preempt: spec.failover.preempt,
      preemptDelay: spec.failover.preempt_delay ?? defaultPreemptDelay,
      witnesses: spec.failover.witness.map((ip) => ({ address: ip.text, network: towards(ip) })),
    },
    sync: { networks: [...sync] },
    virtualIps: virtualIps.map((virtualIp) => ({
      name: virtualIp.name,
      network: virtualIp.network,
      addresses: hostAddresses(virtualIp.addresses, network(virtualIp.network)),
    })),
    services: draft.services.map(resolveService),
    nat: {
      destination: spec.nat.destination.map(({ inbound, address, port, service }) => ({
        inbound,
        family: address.family,
        address: address.text,
        port,
        service,
      })),
      source: spec.nat.source.map((source) => resolveSourceNat(source, draft)),
    },
    agent: {
      port: spec.agent.port,
      network: nodes.length === 0 ? null : (spec.agent.network ?? known(sync[0], "a sync network")),
      heal: spec.agent.heal,
    },
    vpn: spec.vpn === undefined ? null : resolveVpn(spec.vpn),
    lab: {
      hosts: spec.lab.hosts.map(({ name, network: on, address }) => ({
        name,
        network: on,
        address: hostAddress(address, network(on)),
      })),
    },
  };
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is not part of the topology`);
  return value;
}

const resolveNetwork = (network: DraftNetwork, hasVirtualIp: boolean): Network => ({
  name: network.name,
  cidrs: ipv4First(network.cidrs.map(({ value }) => cidr(value))),
  virtualRouterId: hasVirtualIp ? network.virtualRouterId : null,
  gateway: network.gateway?.value.text ?? null,
  mtu: network.mtu,
});

const resolveNode = (node: DraftNode, priority: number, network: (name: string) => DraftNetwork): Node => ({
  name: node.name,
  priority,
  interfaces: node.interfaces.map((each) => ({
    network: each.network,
    device: each.device,
    addresses: hostAddresses(each.addresses, network(each.network)),
  })),
});

const resolveService = (service: DraftService): Service => ({
  name: service.name,
  listen: { virtualIp: service.listen.virtual_ip, port: service.listen.port },
  mode: service.mode,
  balance: service.balance,
  transparent: service.transparent,
  healthCheck: {
    type: service.health_check.type,
    interval: service.health_check.interval,
    timeout: service.health_check.timeout,
    rise: service.health_check.rise,
    fall: service.health_check.fall,
    openflowVersions: [...service.health_check.openflow_versions].sort(),
    path: service.health_check.path,
    expect: service.health_check.expect,
  },
  servers: service.servers.map(
    ({ name, address, port, weight, backup }): Server => ({
      name,
      family: address.family,
      address: address.text,
      port,
      weight,
      backup,
    }),
  ),
  mirror: service.mirror === undefined ? null : resolveMirror(service.mirror),
});

const resolveMirror = ({
  to: { name, address, port },
  via,
  replies,
  writes,
  audit,
  queue,
}: NonNullable<DraftService["mirror"]>): Mirror => ({
  // What is as usual is left out: programs of before do not know it.
  ...(via === "inline" ? { via } : {}),
  to: { name, family: address.family, address: address.text, port },
  ...(replies === "forward" ? { replies } : {}),
  writes,
  ...(audit === undefined ? {} : { audit }),
  queue,
});

/** Only the families that have both something to translate and an address to translate it to. */
function resolveSourceNat(source: Draft["spec"]["nat"]["source"][number], draft: Draft): SourceNat {
  const { from, outbound, translate_to: to } = source;
  const prefixes =
    "prefix" in from
      ? [from.prefix]
      : known(draft.networks.get(from.network), from.network).cidrs.map(({ value }) => value);
  const addresses =
    to.virtual_ip === undefined
      ? [known(to.address, "an address")]
      : known(draft.virtualIp.get(to.virtual_ip), to.virtual_ip).addresses.map(({ value }) => value);
  const both = (family: Family) =>
    [prefixes, addresses].every((values) => values.some((value) => value.family === family));
  return {
    from: ipv4First(prefixes.filter(({ family }) => both(family)).map(cidr)),
    outbound,
    translateTo: ipv4First(
      addresses.filter(({ family }) => both(family)).map((ip) => ({ family: ip.family, address: ip.text })),
    ),
  };
}

const cidr = ({ family, address, prefix }: Prefix): Cidr => ({ family, address, prefix });

const ipv4First = <T extends { readonly family: Family }>(values: readonly T[]): T[] =>
  [...values].sort((a, b) => a.family - b.family);

const hostAddresses = (addresses: readonly Placed<Ip>[], network: DraftNetwork): HostAddress[] =>
  ipv4First(addresses.map(({ value }) => hostAddress(value, network)));

function hostAddress(ip: Ip, network: DraftNetwork): HostAddress {
  const prefix = known(
    network.cidrs.find(({ value }) => contains(value, ip)),
    ip.text,
  ).value.prefix;
  return { family: ip.family, address: ip.text, prefix };
}
