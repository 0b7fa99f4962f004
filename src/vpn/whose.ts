import { bits, covers, type Prefix, parsePrefix } from "../topology/address.js";
import type { Vpn } from "../topology/cluster.js";
import { prefixOf } from "../topology/cluster-addresses.js";
import type { Presence } from "./clients.js";

/** Whose addresses are, by the topology. */
export class Whose {
  readonly #pool: readonly Prefix[];
  readonly #ranges: readonly Prefix[];
  readonly #owners: ReadonlyMap<string, string>;

  constructor({ pool, servers, clients }: Pick<Vpn, "pool" | "servers" | "clients">) {
    this.#pool = pool.map(prefixOf);
    this.#ranges = servers.flatMap((server) => server.clients.map(prefixOf));
    this.#owners = ownersIn(clients);
  }

  /**
   * Whether it may be on one server or another, and so needs a route of its own: what is in a server's range is the network of
   * that server's device, and nothing outside the pool is routed, whatever a client's file says.
   */
  isShared(destination: string): boolean {
    // The topology's rules saw to those already; of thousands that a server tells of at once none has to be read.
    if (this.#owners.has(destination)) return true;
    const parsed = parsePrefix(destination);
    if ("refused" in parsed) return false;
    const within = (prefix: Prefix) => covers(prefix, parsed.value);
    // Not the pool itself: that would draw what is everybody's.
    const strictly = (prefix: Prefix) => within(prefix) && parsed.value.prefix > prefix.prefix;
    return this.#pool.some(strictly) && !this.#ranges.some(within);
  }

  /** Whether the topology gives its client what it has. */
  isOwn({ destination, name }: Pick<Presence, "destination" | "name">): boolean {
    return this.#owners.get(destination) === name;
  }
}

/** Whose each fixed address, and each network behind a client, is: the client's name, by destination. There may be tens of thousands. */
function ownersIn(clients: Vpn["clients"]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { name, addresses, subnets } of clients) {
    for (const { family, address } of addresses) owners.set(`${address}/${bits(family)}`, name);
    for (const { address, prefix } of subnets) owners.set(`${address}/${prefix}`, name);
  }
  return owners;
}
