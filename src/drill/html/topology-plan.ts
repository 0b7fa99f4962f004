import { serverMachines } from "../../lab/layout-servers.js";
import { contains } from "../../topology/address.js";
import type { Cluster, Network } from "../../topology/cluster.js";
import { ip, prefixOf } from "../../topology/cluster-addresses.js";

/** A machine that hangs from a network's bar. */
export interface Hanging {
  readonly name: string;
  readonly address: string;
}

/** A network, from top to bottom of the picture, and what hangs from it. */
export interface Bar {
  readonly network: Network;
  /** Above the nodes: clients come in here. */
  readonly above: boolean;
  readonly hanging: readonly Hanging[];
  /** Machines that have no place in the picture. */
  readonly more: number;
}

/** Clients' networks, then the nodes, then the others: those with servers nearest. @param wanted machines that have to be seen @param most servers of one network that have a place each */
export function barsOf(cluster: Cluster, wanted: readonly string[], most: number): readonly Bar[] {
  const entrances = cluster.services.flatMap(({ listen }) =>
    cluster.virtualIps.flatMap(({ name, network }) => (name === listen.virtualIp ? [network] : [])),
  );
  const [first] = cluster.networks;
  const clients = entrances.length > 0 ? entrances : first ? [first.name] : [];
  const bars = cluster.networks.map((network): Bar => {
    const standing = serversOn(cluster, network).toSorted(
      (one, other) => Number(wanted.includes(other.name)) - Number(wanted.includes(one.name)),
    );
    const hanging = standing.slice(0, most).toSorted((one, other) => byName(one, other));
    const more = standing.length - hanging.length;
    return { network, above: clients.includes(network.name), hanging, more };
  });
  const below = bars.filter(({ above }) => !above);
  return [
    ...bars.filter(({ above }) => above),
    ...below.filter(({ hanging }) => hanging.length > 0),
    ...below.filter(({ hanging }) => hanging.length === 0),
  ];
}

/** Without a list of names of its own: digits count as numbers, so that c2 comes before c10. */
const byName = (one: Hanging, other: Hanging): number =>
  one.name.localeCompare(other.name, "en", { numeric: true });

const serversOn = (cluster: Cluster, { cidrs }: Network): Hanging[] =>
  serverMachines(cluster)
    .filter(({ address }) => cidrs.map(prefixOf).some((prefix) => contains(prefix, ip(address))))
    .map(({ address, names }) => ({ name: names[0] ?? address, address }));
