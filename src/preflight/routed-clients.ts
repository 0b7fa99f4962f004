import { contains } from "../topology/address.js";
import type { Cluster, Route } from "../topology/cluster.js";
import { ip, prefixOf } from "../topology/cluster-addresses.js";
import { type Frame, ipPacketIn } from "./ethernet-dump.js";
import { type Finding, findingsOf } from "./finding.js";
import type { NeighbourEntry } from "./neighbours.js";

/** The networks behind whose routers there are clients. */
export const routedNetworks = (cluster: Cluster): string[] => [
  ...new Set(cluster.routes.map(({ network }) => network)),
];

const routesOn = (cluster: Cluster, network: string): Route[] =>
  cluster.routes.filter((route) => route.network === network);

/** pcap-filter(7) for what comes to this node from behind a network's routers. */
export const routedFilter = (cluster: Cluster, network: string, mac: string): string => {
  const from = routesOn(cluster, network).map(({ destination: { address, prefix } }) =>
    prefix === 0 ? "ip or ip6" : `src net ${address}/${prefix}`,
  );
  return `ether dst ${mac} and (${[...new Set(from)].join(" or ")})`;
};

const { ok, warning, unknown } = findingsOf("neighbours");

/**
 * By which router packets from behind it come. Where they come by another one than the topology's route leads back to,
 * each direction depends on a machine of its own.
 *
 * @param frames null where no capture ran
 * @param entries of the kernel's neighbours, by `DEVICE ADDRESS`
 */
export function routedClients(
  cluster: Cluster,
  { network, device }: { readonly network: string; readonly device: string },
  frames: readonly Frame[] | null,
  entries: ReadonlyMap<string, NeighbourEntry>,
): Finding {
  const routes = routesOn(cluster, network);
  const place = `${network}: from behind ${[...new Set(routes.map(({ via }) => via))].join(", ")}`;
  const macs = new Map<string, string>();
  for (const { bytes } of frames ?? []) {
    const packet = ipPacketIn(bytes);
    if (packet !== null && viasFor(routes, packet.source).length > 0) macs.set(packet.source, packet.fromMac);
  }
  if (frames === null) return unknown(place, "no capture ran");
  if (macs.size === 0) return unknown(place, "no packet came from there while the wire was watched");
  for (const [source, mac] of macs) {
    const vias = viasFor(routes, source);
    const known = vias.flatMap((via) => entries.get(`${device} ${via}`)?.mac ?? []);
    if (known.length > 0 && !known.includes(mac))
      return warning(
        place,
        `packets from ${source} come by way of ${mac}; the way back leads to ${vias.join(" or ")} at ${known.join(" or ")}`,
        `name the router at ${mac} in routes[].via, or see why there are two`,
      );
  }
  const [mac] = macs.values();
  return ok(place, `packets from ${[...macs.keys()].slice(0, 3).join(", ")} come by way of ${mac}`);
}

/** The next hops of the most particular routes to an address. */
function viasFor(routes: readonly Route[], address: string): string[] {
  const fitting = routes.filter(({ destination }) => contains(prefixOf(destination), ip(address)));
  const longest = Math.max(...fitting.map(({ destination }) => destination.prefix));
  return fitting.filter(({ destination }) => destination.prefix === longest).map(({ via }) => via);
}
