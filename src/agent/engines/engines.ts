import type { Logger } from "pino";
import type { Host } from "../../host/host.js";
import type { ServerState, VrrpState } from "../../observe/state.js";
import { observeVrrp } from "../../observe/vrrp.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import type { ServerChange } from "../agent-listener.js";
import type { KnownEngines } from "../inheritance.js";
import type { Facts } from "../judgement/own-faults.js";
import { HaproxyWatch, type Poll } from "./haproxy-watch.js";
import { KeepalivedWatch } from "./keepalived-watch.js";
import { removalOf, removeAddresses } from "./orphans.js";
import { serverChanges } from "./server-changes.js";

export interface EnginesListener {
  /** keepalived or HAProxy is otherwise than it was. */
  changed(): void;
  role(network: string, from: VrrpState | null, to: VrrpState): void;
  /** What HAProxy says, each time it is asked, and what of it is news. */
  servers(servers: readonly ServerState[], changes: readonly ServerChange[]): void;
  /** HAProxy's answer to `showStanding`. */
  standing(answer: string): void;
  /** HAProxy, which answered before, does not any more; or answers again. */
  haproxy(answers: boolean): void;
  /** Another worker of HAProxy than before answers. */
  haproxyRenewed(): void;
}

/** Where they run. */
export interface EnginesHost {
  readonly host: Host;
  readonly cluster: Cluster;
  readonly node: Node;
  /** How many milliseconds an engine may take to be seen for the first time. */
  readonly grace: number;
}

/** keepalived and HAProxy on this node. The addresses of a keepalived that left them behind are removed at once. */
export class Engines {
  private readonly host: Host;
  private readonly keepalived: KeepalivedWatch;
  private readonly haproxy: HaproxyWatch;
  /** An engine not seen yet counts as missing from then on (performance.now()): the agent may be the first to start. */
  private readonly patientUntil: number;
  private readonly removal: string;
  private keepalivedSeen = false;
  private stopped = false;
  private haproxyState: Facts["haproxy"];
  private serverStates: readonly ServerState[] | null = null;
  /** What the listener was told. */
  private readonly told: Map<string, VrrpState>;

  /** @param known what an earlier agent of this process knew */
  constructor(
    { host, cluster, node, grace }: EnginesHost,
    private readonly listener: EnginesListener,
    private readonly log: Logger,
    known: KnownEngines | null = null,
  ) {
    this.host = host;
    this.haproxyState = known?.haproxy ?? "unknown";
    this.told = new Map(known?.roles);
    this.patientUntil = performance.now() + grace;
    this.removal = removalOf(cluster, node);
    const watched = {
      gone: (why: string) => this.haproxyIs("gone", why),
      back: () => this.haproxyIs("up", "it answers"),
      renewed: () => listener.haproxyRenewed(),
      servers: (servers: readonly ServerState[]) => this.take(servers),
      standing: (answer: string) => listener.standing(answer),
    };
    this.haproxy = new HaproxyWatch(watched, pollOf(cluster));
    this.keepalived = new KeepalivedWatch(
      {
        // The watch may report from within its constructor.
        changed: () => setImmediate(() => this.follow()),
        orphaned: (how) => void this.orphaned(how),
        appeared: () => void this.learn(),
      },
      known?.roles,
    );
  }

  /** Cheap: to be called as often as a frozen keepalived has to be found. */
  look(): void {
    this.keepalived.look();
    this.haproxy.look(performance.now());
  }

  /** For the next agent of this process. */
  get known(): KnownEngines {
    return { roles: this.keepalived.states, haproxy: this.haproxyState };
  }

  /** HAProxy's last word on its servers; null before it spoke. */
  get servers(): readonly ServerState[] | null {
    return this.serverStates;
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
    this.stopped = true;
    this.keepalived.stop();
    await this.haproxy.stop();
  }

  private haproxyIs(state: "up" | "gone", why: string): void {
    if (state === "gone" && this.haproxyState === "unknown") return;
    const before = this.haproxyState;
    this.haproxyState = state;
    this.listener.changed();
    // The agent that takes over from another of this process finds it as that one did.
    if (before !== "unknown" && before !== state) this.listener.haproxy(state === "up");
    this.log.info({ why }, state === "up" ? "HAProxy answers" : "HAProxy is gone");
  }

  private follow(): void {
    if (this.stopped) return;
    this.listener.changed();
    for (const [network, role] of this.keepalived.states) {
      const before = this.told.get(network) ?? null;
      if (before === role) continue;
      this.told.set(network, role);
      this.listener.role(network, before, role);
    }
  }

  private take(servers: readonly ServerState[]): void {
    const changes = serverChanges(this.serverStates, servers);
    this.serverStates = servers;
    this.listener.servers(servers, changes);
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

/**
 * Asked when the pulse comes next after so long. A `nat` service's sessions go where this node sends them; those of a
 * proxy service HAProxy turns away itself.
 */
const pollOf = (cluster: Cluster): Poll =>
  cluster.services.some(({ mode }) => mode === "nat") ? { calm: 250, doubt: 25 } : { calm: 500, doubt: 500 };
