import type { Cluster, HostAddress } from "../topology/cluster.js";
import { ip, prefixOf } from "../topology/cluster-addresses.js";
import { virtualIpsOn } from "../topology/select.js";
import type { MachineKind } from "./lab.js";
import { AddressPool, addressesIn, hostIn, within } from "./layout-addresses.js";
import type { Listener, MachineRoute, Segment } from "./layout-plan.js";
import { type RouterPlan, routerOn, routers } from "./layout-routers.js";
import { segmentName } from "./layout-switches.js";
import { bridgeName, distinctName } from "./names.js";

/** A machine before its ports are numbered and its name is made distinct. */
export interface Draft {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly kind: MachineKind;
  readonly links: readonly { segment: string; device: string; addresses: readonly HostAddress[] }[];
  readonly routes: readonly MachineRoute[];
  readonly listeners?: readonly Listener[];
}

/** What every draft is drawn on. */
export interface Site {
  readonly cluster: Cluster;
  readonly routers: readonly RouterPlan[];
  readonly segments: readonly Segment[];
  readonly pool: AddressPool;
}

/** The segment of the VPN servers' own addresses, and of their clients. */
export const internetOf = ({ networks }: Cluster): string =>
  distinctName("internet", new Set(networks.map(({ name }) => name)));

export function survey(cluster: Cluster): Site {
  const standing = [
    ...cluster.nodes.flatMap(({ interfaces }) => interfaces.flatMap(({ addresses }) => addresses)),
    ...cluster.services.flatMap(({ servers, mirror }) => [
      ...servers,
      ...(mirror === null ? [] : [mirror.to]),
    ]),
    ...cluster.lab.hosts.map(({ address }) => address),
  ].map(({ address }) => address);
  const plans = routers(cluster, new Set(standing));
  const behind = plans.flatMap((plan) => plan.behind);
  const places = [
    ...cluster.networks.map(({ name, cidrs, mtu }) => ({ name, prefixes: cidrs.map(prefixOf), mtu })),
    ...behind.map((subnet) => ({ name: segmentName(subnet), prefixes: subnet, mtu: null })),
    ...(cluster.vpn === null ? [] : [{ name: internetOf(cluster), prefixes: [], mtu: null }]),
  ];
  return {
    cluster,
    routers: plans,
    segments: places.map((place, index) => ({ ...place, bridge: bridgeName(index) })),
    pool: new AddressPool([
      ...addressesIn(cluster),
      ...behind.flatMap(routerOn).map(({ address }) => address),
    ]),
  };
}

/** A machine with addresses that nobody has yet. */
export function free(site: Site, name: string, kind: MachineKind, segment: string): Draft {
  const prefixes = site.segments.find((candidate) => candidate.name === segment)?.prefixes ?? [];
  const addresses = prefixes.map((place) => site.pool.take(place));
  return {
    name,
    kind,
    links: [{ segment, device: "eth1", addresses }],
    routes: waysOut(site, segment, addresses),
  };
}

/** A machine with the address that the topology gave it. */
export function placed(site: Site, address: string): Pick<Draft, "links" | "routes"> {
  for (const segment of site.segments) {
    const place = within(segment.prefixes, address);
    if (place === undefined) continue;
    const addresses = [hostIn(place, ip(address).value)];
    const link = { segment: segment.name, device: "eth1", addresses };
    return { links: [link], routes: waysOut(site, segment.name, addresses) };
  }
  throw new Error(`${address} is on no network of the lab, nor on a link behind its router`);
}

/** The default routes: through the virtual IP, so that replies pass the active node; behind a router, through it. */
function waysOut(
  { cluster, routers: plans }: Site,
  segment: string,
  own: readonly HostAddress[],
): MachineRoute[] {
  const behind = plans.flatMap((plan) => plan.behind).find((subnet) => segmentName(subnet) === segment);
  const ways =
    behind === undefined
      ? virtualIpsOn(cluster, segment).flatMap(({ addresses }) => addresses)
      : routerOn(behind);
  return own.flatMap(({ family }) => {
    const via = ways.find((address) => address.family === family);
    return via === undefined ? [] : [{ destination: "default", via: via.address }];
  });
}
