import { bucketChain, familiesOf } from "../render/bucket-chain.js";
import type { Chain } from "../render/chains.js";
import type { Cluster, Family, Service } from "../topology/cluster.js";
import type { LivePool } from "./pool-live.js";

/**
 * The chains of `nat` services, by name, for the servers that HAProxy takes for working, so that one that is down is
 * not sent a session until the agent takes it out again.
 */
export function spreadNow(cluster: Cluster, family: Family, live: LivePool): Map<string, Chain> {
  const services = cluster.services.filter(
    (service) => service.mode === "nat" && familiesOf(cluster, service).includes(family),
  );
  const chains = services.map((service) => bucketChain(cluster, service, family, upNow(service, live)));
  return new Map(chains.map((chain) => [chain.name, chain]));
}

/** A server that HAProxy does not know yet waits for its checks, unless nobody else is up. */
function upNow({ name: service, servers }: Service, live: LivePool): Set<string> {
  const judged = new Map(live.get(service)?.map(({ name, up }) => [name, up]));
  const names = servers.map(({ name }) => name);
  const up = names.filter((name) => judged.get(name) === true);
  return new Set(up.length > 0 ? up : names.filter((name) => !judged.has(name)));
}
