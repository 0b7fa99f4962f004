import type { ServerState } from "../../observe/state.js";
import { bucketChain, familiesOf } from "../../render/bucket-chain.js";
import type { Chain } from "../../render/chains.js";
import { someChains } from "../../render/iptables.js";
import type { Cluster, Family } from "../../topology/cluster.js";

/** The chains of all `nat` services in one family, as the servers' health wants them, by chain name. */
export type Spread = ReadonlyMap<string, Chain>;

/** HAProxy checks the servers of `nat` services too; what it has not judged yet counts as up, like in the rendered file. */
export function spreadFor(cluster: Cluster, family: Family, servers: readonly ServerState[]): Spread {
  const down = new Set(servers.filter(({ up }) => !up).map(({ service, name }) => `${service}/${name}`));
  const chains = cluster.services
    .filter((service) => service.mode === "nat" && familiesOf(cluster, service).includes(family))
    .map((service) => {
      const up = service.servers.filter(({ name }) => !down.has(`${service.name}/${name}`));
      return bucketChain(cluster, service, family, new Set(up.map(({ name }) => name)));
    });
  return new Map(chains.map((chain) => [chain.name, chain]));
}

/** The chains of `next` that differ from `before`. */
export const changedChains = (before: Spread, next: Spread): Chain[] =>
  [...next.values()].filter((chain) => text(chain) !== text(before.get(chain.name)));

/** Input of `iptables-restore --noflush` that replaces these chains in one transaction. */
export const restoreInput = (chains: readonly Chain[]): string => someChains.render("nat", chains);

const text = (chain: Chain | undefined): string => JSON.stringify(chain?.rules);
