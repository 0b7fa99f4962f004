import type { Host } from "../../host/host.js";
import type { Cluster } from "../../topology/cluster.js";
import { type Release, release } from "./release.js";
import { suspectsOn } from "./stale.js";

export interface ReleaseListener {
  /** The node took the network's virtual IPs over, and this became of the sessions that the node before had held. */
  released(network: string, release: Release): void;
  failed(why: string): void;
}

/**
 * A session through HAProxy ends with its node, and one that is idle does not notice: whoever takes over has its holder
 * let go at once, and so come back.
 */
export class ReleaseWatch {
  /** By network: the takeover that is being followed. */
  private readonly takeovers = new Map<string, symbol>();

  constructor(
    private readonly host: Pick<Host, "run">,
    private readonly cluster: Cluster,
    private readonly on: ReleaseListener,
  ) {}

  /** This node owns the network's virtual IPs from now on. */
  took(network: string): void {
    const suspects = suspectsOn(this.cluster, network);
    if (suspects.length === 0) return;
    const takeover = Symbol(network);
    this.takeovers.set(network, takeover);
    const scene = {
      isOurs: () => this.takeovers.get(network) === takeover,
      failed: (why: string) => this.on.failed(why),
    };
    void release(this.host, suspects, scene).then((done) => {
      if (done !== null) this.on.released(network, done);
    });
  }

  /** It owns them no longer. */
  lost(network: string): void {
    this.takeovers.delete(network);
  }
}
