import type { Cluster } from "../../topology/cluster.js";
import type { MetricsSnapshot } from "./snapshot.js";

/** Every witness that the operator named, so that an alert can see that nothing is wrong. */
export const witnessStates = (
  { failover }: Cluster,
  silent: readonly string[],
): MetricsSnapshot["witnesses"] =>
  failover.witnesses.map(({ address }) => ({ address, silent: silent.includes(address) }));
