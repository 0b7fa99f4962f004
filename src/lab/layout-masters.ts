import type { Cluster } from "../topology/cluster.js";
import { within } from "./layout-addresses.js";
import type { Listener } from "./layout-plan.js";
import { type Draft, placed, type Site } from "./layout-site.js";

/** By what name a lab with a mirror finds its master controller, whatever the topology calls it. */
const anyMaster = "master";

const mastersOf = ({ services }: Cluster) =>
  services.flatMap(({ mirror }) => (mirror === null ? [] : [mirror.to]));

/** The ports of an address on which master controllers listen. */
export function masterListeners(cluster: Cluster, address: string): Listener[] {
  const ports = mastersOf(cluster).flatMap((to) => (to.address === address ? [to.port] : []));
  return [...new Set(ports)].map((port) => ({ kind: "master", port, status: 0 }));
}

/** The names of an address as a master controller; none where it is none. */
export function masterNames(cluster: Cluster, address: string): string[] {
  const masters = mastersOf(cluster);
  const names = masters.flatMap((to) => (to.address === address ? [to.name] : []));
  const isFirst = masters[0]?.address === address && !taken(cluster).has(anyMaster);
  return [...new Set(isFirst ? [anyMaster, ...names] : names)];
}

/** A machine for every master controller whose address no other machine has. One on no network of the lab is nowhere. */
export function masterDrafts(site: Site, elsewhere: ReadonlySet<string>): Draft[] {
  const prefixes = site.segments.flatMap((segment) => segment.prefixes);
  const addresses = new Set(mastersOf(site.cluster).map(({ address }) => address));
  return [...addresses]
    .filter((address) => !elsewhere.has(address) && within(prefixes, address) !== undefined)
    .map((address) => {
      const [name = anyMaster, ...aliases] = masterNames(site.cluster, address);
      const listeners = masterListeners(site.cluster, address);
      return { name, aliases, kind: "controller", listeners, ...placed(site, address) };
    });
}

const taken = ({ nodes, services, lab }: Cluster): ReadonlySet<string> =>
  new Set([...nodes, ...services.flatMap(({ servers }) => servers), ...lab.hosts].map(({ name }) => name));
