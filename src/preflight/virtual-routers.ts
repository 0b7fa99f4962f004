import type { Cluster, Network, Node } from "../topology/cluster.js";
import { virtualIpsOn } from "../topology/select.js";
import type { Heard } from "./adverts.js";
import { type Finding, findingsOf } from "./finding.js";

const { ok, warning, error } = findingsOf("virtual-routers");

/**
 * pcap-filter(7) for every advert but those that the cluster's own nodes send: on a network of fast adverts there would
 * be no room for anybody else's.
 */
export function strangersFilter(cluster: Cluster, { virtualRouterId, ...network }: Network): string {
  const every = "(ip proto 112 or ip6 proto 112)";
  if (virtualRouterId === null) return every;
  const from = nodeAddresses(cluster, network.name).map((address) => `src host ${address}`);
  const id = `((ip and ip[((ip[0] & 0xf) << 2) + 1] = ${virtualRouterId}) or (ip6 and ip6[41] = ${virtualRouterId}))`;
  return `${every} and not ((${from.join(" or ")}) and ${id})`;
}

/** Others who speak VRRP where the node does. */
export function virtualRouters(
  cluster: Cluster,
  node: Node,
  network: Network,
  heard: readonly Heard[],
  seconds: number,
): Finding[] {
  const { virtualRouterId: own } = network;
  const nodes = nodeAddresses(cluster, network.name);
  const virtual = new Set(
    virtualIpsOn(cluster, network.name).flatMap(({ addresses }) => addresses.map(({ address }) => address)),
  );
  const others = heard.filter((one) => !(nodes.includes(one.source) && one.virtualRouterId === own));
  const taken = new Set([...others.map(({ virtualRouterId }) => virtualRouterId), ...ownIds(cluster)]);
  const found = others.map((other) => {
    const claimed = other.addresses.find((address) => virtual.has(address));
    const words = description(cluster, other);
    if (other.virtualRouterId === own)
      return error(
        network.name,
        `virtual router ${own} is somebody else's here too: ${words}`,
        `choose another networks.${network.name}.virtual_router_id; ${free(taken)} was not heard on this network`,
      );
    if (claimed !== undefined)
      return error(
        network.name,
        `${claimed}, a virtual IP of the topology, is announced by another virtual router: ${words}`,
        "end that one first, or choose another address",
      );
    if (nodes.includes(other.source))
      return warning(
        network.name,
        `a node of the cluster speaks for a virtual router that is not the topology's: ${words}`,
        `see what keepalived runs on ${nodeOf(cluster, other.source)}: an apply replaces its configuration`,
      );
    return ok(network.name, `there is another virtual router, with an id of its own: ${words}`);
  });
  if (found.some(({ status }) => status !== "ok")) return found;
  if (own === null) return found;
  const quiet = `nobody else used virtual router ${own} on ${deviceOf(node, network.name)} for ${seconds} s`;
  return [...found, ok(network.name, quiet)];
}

function description(cluster: Cluster, heard: Heard): string {
  const { source, mac, virtualRouterId, version, priority, interval, addresses } = heard;
  const node = nodeOf(cluster, source);
  return `${node === null ? source : `${node} (${source})`} at ${mac} advertises ${virtualRouterId} (VRRPv${version}, priority ${priority}, every ${interval} ms${addresses.length === 0 ? "" : `, ${addresses.join(", ")}`})`;
}

/** An id that nobody was heard to use, from the default on; there are 255 of them. */
function free(taken: ReadonlySet<number>): number | string {
  for (let id = 51; id <= 255; id++) if (!taken.has(id)) return id;
  for (let id = 1; id <= 50; id++) if (!taken.has(id)) return id;
  return "none";
}

const ownIds = (cluster: Cluster): number[] =>
  cluster.networks.flatMap(({ virtualRouterId }) => virtualRouterId ?? []);

const facesOn = (cluster: Cluster, network: string) =>
  cluster.nodes.flatMap((node) =>
    node.interfaces.filter((face) => face.network === network).map((face) => ({ node, face })),
  );

const nodeAddresses = (cluster: Cluster, network: string): string[] =>
  facesOn(cluster, network).flatMap(({ face }) => face.addresses.map(({ address }) => address));

const nodeOf = (cluster: Cluster, address: string): string | null =>
  cluster.nodes.find(({ interfaces }) =>
    interfaces.some(({ addresses }) => addresses.some((own) => own.address === address)),
  )?.name ?? null;

const deviceOf = (node: Node, network: string): string =>
  node.interfaces.find((face) => face.network === network)?.device ?? network;
