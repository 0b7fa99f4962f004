import { contains, type Prefix, parseIp, parsePrefix, whyUnusable } from "../../topology/address.js";
import type { Cluster } from "../../topology/cluster.js";
import { networkNamed } from "../../topology/select.js";

/** At most so many witnesses are asked on one network, so that a large pool costs no more than a small one. */
const most = { fixed: 16, learned: 8, asked: 32, verdicts: 1_000 };

/**
 * Milliseconds for which somebody whom a peer named is asked on. A peer whose path dies names nobody at once: its own
 * witnesses must go on being asked here, for they are the proof.
 */
const remembered = 10_000;

/**
 * Who may be asked on one network, and who not: nodes are known by their beats, a virtual IP may stand on the asking
 * node itself.
 */
export class NetworkTargets {
  private readonly prefixes: readonly Prefix[];
  private readonly own: ReadonlySet<string>;
  private readonly fixed: readonly string[];
  private learned: readonly string[] = [];
  /** Whether an address may be asked: peers name the same few again and again, and to parse one costs. */
  private readonly verdicts = new Map<string, boolean>();
  /** Whom peers named, and when they did last. */
  private readonly named = new Map<string, number>();

  constructor(cluster: Cluster, network: string) {
    this.prefixes = networkNamed(cluster, network).cidrs.flatMap(({ address, prefix }) => {
      const parsed = parsePrefix(`${address}/${prefix}`);
      return "value" in parsed ? [parsed.value] : [];
    });
    this.own = new Set(
      [
        ...cluster.nodes.flatMap(({ interfaces }) => interfaces.flatMap((own) => own.addresses)),
        ...cluster.virtualIps.flatMap((virtualIp) => virtualIp.addresses),
      ].map(({ address }) => address),
    );
    // An operator's witness may stand behind a router of this network, and has to be asked before anybody else.
    const named = cluster.failover.witnesses.filter((witness) => witness.network === network);
    const fixed = [...named.map(({ address }) => address), ...this.admit(configured(cluster, network))];
    this.fixed = [...new Set(fixed)].slice(0, most.fixed);
  }

  /** Takes the network's neighbours as they are now, best first. Those known before stay, so that the list stays calm. */
  learn(seen: readonly string[]): void {
    const neighbours = this.admit(seen).filter((address) => !this.fixed.includes(address));
    const kept = this.learned.filter((address) => neighbours.includes(address));
    this.learned = [...new Set([...kept, ...neighbours])].slice(0, most.learned);
  }

  /** Neighbours that this node knows by itself. */
  get neighbours(): readonly string[] {
    return this.learned;
  }

  /** Everybody to ask, given whom the peers hear or miss: they are asked here too. */
  asked(namedByPeers: readonly string[], now: number): string[] {
    for (const [address, at] of this.named) if (now - at > remembered) this.named.delete(address);
    for (const address of this.admit(namedByPeers))
      if (this.named.has(address) || this.named.size < most.asked) this.named.set(address, now);
    return [...new Set([...this.fixed, ...this.named.keys(), ...this.learned])].slice(0, most.asked);
  }

  /** Whether the address lies in this network (addresses of networks never overlap). */
  has(address: string): boolean {
    const parsed = parseIp(address);
    return "value" in parsed && this.prefixes.some((prefix) => contains(prefix, parsed.value));
  }

  /** Addresses within the network that belong to no node and are no virtual IP. */
  private admit(addresses: readonly string[]): string[] {
    // Whatever somebody makes peers name.
    if (this.verdicts.size > most.verdicts) this.verdicts.clear();
    return addresses.filter((address) => {
      const known = this.verdicts.get(address);
      const verdict = known ?? this.isUsable(address);
      if (known === undefined) this.verdicts.set(address, verdict);
      return verdict;
    });
  }

  private isUsable(address: string): boolean {
    if (this.own.has(address)) return false;
    const parsed = parseIp(address);
    return "value" in parsed && whyUnusable(parsed.value) === null && this.has(address);
  }
}

/** The gateway, the next hops, then the servers. */
const configured = (cluster: Cluster, name: string): string[] => {
  const { gateway } = networkNamed(cluster, name);
  return [
    ...new Set([
      ...(gateway === null ? [] : [gateway]),
      ...cluster.routes.filter(({ network }) => network === name).map(({ via }) => via),
      ...cluster.services.flatMap(({ servers }) => servers.map(({ address }) => address)),
    ]),
  ];
};
