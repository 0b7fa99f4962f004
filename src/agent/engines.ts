import type { Logger } from "pino";
import type { Host } from "../host/host.js";
import type { ServerState, VrrpState } from "../observe/state.js";
import { observeVrrp } from "../observe/vrrp.js";
import type { Cluster, Node } from "../topology/cluster.js";
import { HaproxyWatch } from "./haproxy-watch.js";
import { KeepalivedWatch } from "./keepalived-watch.js";
import { removalOf, removeAddresses } from "./orphans.js";
import type { Facts } from "./own-faults.js";

export interface EnginesListener {
  /** keepalived or HAProxy is otherwise than it was. */
  changed(): void;
  role(network: string, role: VrrpState): void;
  servers(servers: readonly ServerState[]): void;
}

/** keepalived and HAProxy on this node. The addresses of a keepalived that left them behind are removed at once. */
export class Engines {
  private readonly keepalived: KeepalivedWatch;
  private readonly haproxy: HaproxyWatch;
  /** An engine not seen yet counts as missing from then on (performance.now()): the agent may be the first to start. */
  private readonly patientUntil: number;
  private readonly removal: string;
  private keepalivedSeen = false;
  private haproxyState: Facts["haproxy"] = "unknown";
  /** What the listener was told. */
  private readonly told = new Map<string, VrrpState>();

  /** @param grace how many milliseconds an engine may take to be seen for the first time */
  constructor(
    private readonly host: Host,
    cluster: Cluster,
    node: Node,
    grace: number,
    private readonly listener: EnginesListener,
    private readonly log: Logger,
  ) {
    this.patientUntil = performance.now() + grace;
    this.removal = removalOf(cluster, node);
    this.haproxy = new HaproxyWatch({
      gone: (why) => this.haproxyIs("gone", why),
      back: () => this.haproxyIs("up", "it answers"),
      servers: (servers) => listener.servers(servers),
    });
    this.keepalived = new KeepalivedWatch({
      // The watch may report from within its constructor.
      changed: () => setImmediate(() => this.follow()),
      orphaned: (how) => void this.orphaned(how),
      appeared: () => void this.learn(),
    });
  }

  facts(now: number): Pick<Facts, "keepalived" | "haproxy" | "roles"> {
    const runs = this.keepalived.process === "running";
    if (runs) this.keepalivedSeen = true;
    const waiting = now < this.patientUntil;
    const missing = waiting && !this.keepalivedSeen ? "unknown" : "gone";
    return {
      keepalived: runs ? "up" : missing,
      haproxy: this.haproxyState === "unknown" && !waiting ? "gone" : this.haproxyState,
      roles: this.keepalived.states,
    };
  }

  /** What they look like to somebody who asks. */
  report() {
    return { keepalived: this.keepalived.process, haproxy: this.haproxyState };
  }

  /** keepalived's word for a beat. */
  role(network: string): "master" | "backup" | "fault" | null {
    const role = this.keepalived.states.get(network);
    return role === undefined || role === "init" ? null : role;
  }

  async stop(): Promise<void> {
    this.keepalived.stop();
    await this.haproxy.stop();
  }

  private haproxyIs(state: "up" | "gone", why: string): void {
    if (state === "gone" && this.haproxyState === "unknown") return;
    this.haproxyState = state;
    this.listener.changed();
    this.log.info({ why }, state === "up" ? "HAProxy answers" : "HAProxy is gone");
  }

  private follow(): void {
    this.listener.changed();
    for (const [network, role] of this.keepalived.states) {
      if (this.told.get(network) === role) continue;
      this.told.set(network, role);
      this.listener.role(network, role);
    }
  }

  private async orphaned(how: "dead" | "frozen"): Promise<void> {
    const took = removeAddresses(this.removal);
    this.told.clear();
    this.listener.changed();
    try {
      this.log.info({ how, milliseconds: await took }, "keepalived left; its virtual IPs are removed");
    } catch (error) {
      this.log.error({ how, err: error }, "keepalived left, and its virtual IPs could not be removed");
    }
  }

  private async learn(): Promise<void> {
    try {
      const { instances } = await observeVrrp(this.host);
      this.keepalived.learn(instances);
    } catch (error) {
      this.log.warn({ err: error }, "keepalived's state could not be read");
    }
  }
}
