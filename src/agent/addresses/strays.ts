import type { Logger } from "pino";
import type { Cluster, Node } from "../../topology/cluster.js";
import { removalOf, removeAddresses } from "../engines/orphans.js";

/** Milliseconds before addresses that would not go are taken off again. */
const again = 1_000;

/** Takes virtual IPs off the networks whose keepalived says that another node holds them. */
export class Strays {
  private readonly last = new Map<string, number>();

  constructor(
    private readonly cluster: Cluster,
    private readonly node: Node,
    private readonly log: Logger,
  ) {}

  /** @param networks those with a stray address now; cheap when there are none */
  remove(networks: readonly string[], now: number): void {
    for (const network of networks) {
      if (now - (this.last.get(network) ?? Number.NEGATIVE_INFINITY) < again) continue;
      this.last.set(network, now);
      removeAddresses(removalOf(this.cluster, this.node, network)).then(
        () => this.log.warn({ network }, "virtual IPs stood here although keepalived is no master; removed"),
        (error: unknown) => this.log.error({ network, err: error }, "stray virtual IPs could not be removed"),
      );
    }
  }
}
