import type { Host } from "../../host/host.js";
import type { ServerState, VrrpState } from "../../observe/state.js";
import type { Cluster } from "../../topology/cluster.js";
import { OwnHalves } from "./own-halves.js";
import type { Release } from "./release.js";
import { ReleaseWatch } from "./release-watch.js";

export interface ProxySessionsListener {
  /** HAProxy's servers as it knows them here, those that only drain included. */
  servers(): readonly ServerState[];
  /** A peer says that it owns the network's virtual IPs. */
  isServed(network: string): boolean;
  released(network: string, release: Release): void;
  failed(why: string): void;
}

/** A session through HAProxy does not move along with the virtual IPs: both its ends are to know at once. */
export class ProxySessions {
  private readonly stale: ReleaseWatch;
  private readonly own: OwnHalves;

  constructor(host: Pick<Host, "run" | "ask">, cluster: Cluster, on: ProxySessionsListener) {
    this.stale = new ReleaseWatch(host, cluster, on);
    this.own = new OwnHalves(host, cluster, on);
  }

  role(network: string, from: VrrpState | null, to: VrrpState): void {
    if (to === "master") {
      this.own.took(network);
      this.stale.took(network);
    } else if (from === "master") {
      this.stale.lost(network);
      this.own.lost(network);
    }
  }

  /** A peer's word is news. */
  heard(): void {
    this.own.heard();
  }
}
