import type { Cluster } from "../topology/cluster.js";

/** What one machine believes: to whom it would send what is meant for a virtual IP. */
export interface Belief {
  readonly machine: string;
  /** The virtual IP's. */
  readonly network: string;
  readonly address: string;
  readonly mac: string;
}

/** A belief that leads to somebody who does not own the virtual IP. */
export interface Misled {
  readonly machine: string;
  readonly address: string;
  readonly mac: string;
  /** The machine whose MAC it is; null when it is nobody's. */
  readonly leadsTo: string | null;
}

/** What was found in the neighbour tables of the lab's hosts. */
export interface NeighboursSeen {
  /** Entries for virtual IPs that were looked at. */
  readonly entries: number;
  readonly misled: readonly Misled[];
  /** Milliseconds from the fault to the look. */
  readonly after: number;
}

/**
 * Reads what `ip -json neighbour show` printed on a machine (ip-neighbour(8)). Captured addresses are left out: they
 * may be a real machine's. An entry without a link-layer address (INCOMPLETE, FAILED) leads nowhere.
 */
export function beliefsIn(cluster: Cluster, machine: string, table: string): Belief[] {
  const rows = table.trim() === "" ? [] : (JSON.parse(table) as { dst: string; lladdr?: string }[]);
  return cluster.virtualIps.flatMap(({ network, addresses }) =>
    addresses.flatMap(({ address }) =>
      rows.flatMap(({ dst, lladdr: mac }) =>
        dst === address && mac !== undefined ? { machine, network, address, mac } : [],
      ),
    ),
  );
}

/**
 * Those that do not lead to their network's owner; nobody is misled on a network without one.
 *
 * @param owners the owner's MAC by network
 * @param names machines by MAC
 */
export const misledBy = (
  beliefs: readonly Belief[],
  owners: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string>,
): Misled[] =>
  beliefs.flatMap(({ machine, network, address, mac }) => {
    const owner = owners.get(network);
    if (owner === undefined || owner === mac) return [];
    return { machine, address, mac, leadsTo: names.get(mac) ?? null };
  });

/** `router still has 02:68:66:00:00:01 (lb-a) for 10.0.1.100, 3.1 s after`. */
export const misledWords = ({ machine, address, mac, leadsTo }: Misled, after: number): string =>
  `${machine} still has ${mac} (${leadsTo ?? "nobody"}) for ${address}, ${(after / 1_000).toFixed(1)} s after`;
