import { createHash } from "node:crypto";
import type { Server } from "node:http";
import { networkInterfaces } from "node:os";
import type { Logger } from "pino";
import type { Host } from "../host/host.js";
import { observeVrrp } from "../observe/vrrp.js";
import type { NodeDocument } from "../render/node-json.js";
import { paths } from "../render/paths.js";
import type { Cluster, Node } from "../topology/cluster.js";
import { nodeNamed, peersOf } from "../topology/select.js";
import { serve } from "./api.js";
import { type Beat, type BeatNetwork, encode } from "./beat.js";
import { Beats } from "./beats.js";
import { type Decision, decide } from "./decide.js";
import { emptyLedger, type Ledger, raisedFaults, severity, updated } from "./faults.js";
import { HaproxyWatch } from "./haproxy-watch.js";
import { KeepalivedWatch } from "./keepalived-watch.js";
import { readNeighbours } from "./neighbours.js";
import { Networks } from "./networks.js";
import { removalOf, removeAddresses } from "./orphans.js";
import { ownFaults, servingNetworks } from "./own-faults.js";
import { Peers } from "./peers.js";
import { causeOf } from "./role-change.js";
import { RulesWatch } from "./rules-watch.js";
import { SpreadKeeper } from "./spread-keeper.js";
import { NetworkTargets } from "./targets.js";
import { type AgentTiming, agentTiming } from "./timing.js";
import { writeTrackFile } from "./track-file.js";
import { Witnesses } from "./witnesses.js";

const learnNeighboursEvery = 3_000;

/** How broken a planned absence makes a node: more than a fault that is over, less than any fault. */
const plannedAbsence = 2;

/**
 * One node's daemon: it watches the engines and the networks, tells its peers how it is, and asks keepalived to yield
 * when a peer is less broken. It never decides who is active: that is VRRP's work, with or without it.
 */
export class Agent {
  private readonly cluster: Cluster;
  private readonly node: Node;
  private readonly timing: AgentTiming;
  private readonly started = performance.now();
  private readonly boot = Date.now();
  private readonly digest: string;
  private readonly serving: readonly string[];

  private readonly peers: Peers;
  private readonly networks: Networks;
  private readonly witnesses: Witnesses;
  private readonly beats: Beats;
  private readonly spread: SpreadKeeper;
  private readonly rules: RulesWatch;
  private readonly haproxy: HaproxyWatch;
  private readonly keepalived: KeepalivedWatch;
  private readonly timers: NodeJS.Timeout[];
  private api: Server | null = null;

  private ledger: Ledger = emptyLedger;
  private decision: Decision = { yield: false, why: "just started" };
  private severity = 0;
  /** A planned absence lasts until then (performance.now()). */
  private awayUntil = 0;
  private sequence = 0;
  private dead: ReadonlyMap<string, string> = new Map();
  private haproxyState: "up" | "gone" | "unknown" = "unknown";
  private keepalivedSeen = false;
  private readonly roles = new Map<string, string>();
  private lastTick = performance.now();

  constructor(
    document: NodeDocument,
    private readonly host: Host,
    private readonly log: Logger,
  ) {
    this.cluster = document.cluster;
    this.node = nodeNamed(document.cluster, document.node);
    this.timing = agentTiming(this.cluster);
    this.digest = createHash("sha256").update(JSON.stringify(document.cluster)).digest("hex").slice(0, 12);
    this.serving = servingNetworks(this.cluster, this.hasServersOn());
    writeTrackFile(paths.fault, false);

    this.peers = new Peers(this.timing.freshness);
    this.networks = new Networks(this.cluster, this.node, this.peers, this.timing.silence);
    this.witnesses = new Witnesses({
      result: (result) => this.networks.ping(result, performance.now()),
      trouble: (why) => log.warn({ why }, "fping ended"),
    });
    this.beats = new Beats(this.cluster, this.node, (beat, network) => this.hear(beat, network));
    this.spread = new SpreadKeeper(host, this.cluster, {
      loaded: (chains) => log.info({ chains }, "nat services spread over the servers that are up"),
      failed: (why) => log.error({ why }, "nat services could not be spread"),
    });
    this.rules = new RulesWatch(host, this.spread, {
      changed: (missing) =>
        log.info({ missing: missing.slice(0, 5), count: missing.length }, "rules missing"),
      failed: (why) => log.warn({ why }, "rules could not be read"),
    });
    this.haproxy = new HaproxyWatch({
      gone: (why) => this.haproxyIs("gone", why),
      back: () => this.haproxyIs("up", "it answers"),
      servers: (servers) => this.spread.servers(servers),
    });
    const removal = removalOf(this.cluster, this.node);
    this.keepalived = new KeepalivedWatch({
      changed: () => setImmediate(() => this.follow()),
      orphaned: (how) => void this.orphaned(how, removal),
      appeared: () => void this.learn(),
    });
    this.timers = [
      setInterval(() => this.tick(), this.timing.judge),
      setInterval(() => this.sendBeat(), this.timing.beat),
      setInterval(() => void this.learnNeighbours(), learnNeighboursEvery),
    ];
  }

  async start(): Promise<void> {
    this.api = await serve(paths.agentSocket, {
      state: () => this.state(),
      yieldFor: (milliseconds) => this.yieldFor(milliseconds),
    });
    const { name, failover } = this.cluster;
    this.log.info({ node: this.node.name, cluster: name, profile: failover.profile }, "agent runs");
  }

  /** Leaves the node fit: without an agent VRRP decides alone. */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.keepalived.stop();
    this.rules.stop();
    this.witnesses.stop();
    this.beats.stop();
    this.api?.close();
    this.api?.closeAllConnections();
    await this.haproxy.stop();
    writeTrackFile(paths.fault, false);
    this.log.info("agent ends");
  }

  /** What `GET /v1/state` answers. */
  state(): Record<string, unknown> {
    const now = performance.now();
    const fresh = new Set(this.peers.fresh(now).map(({ node }) => node));
    const report = this.networks.report(now, (network) => this.vrrp(network));
    return {
      schema: "holdfast/agent-state/v1",
      node: this.node.name,
      cluster: this.cluster.name,
      digest: this.digest,
      faults: raisedFaults(this.ledger),
      severity: this.severity,
      yielding: this.decision.yield,
      why: this.decision.why,
      keepalived: this.keepalived.process,
      haproxy: this.haproxyState,
      networks: Object.entries(report).map(([name, network]) => ({
        name,
        dead: this.dead.has(name),
        ...network,
      })),
      peers: this.peers.reports(now).map((peer) => ({
        name: peer.name,
        alive: fresh.has(peer.name),
        ready: fresh.has(peer.name) && peer.severity === 0,
        severity: peer.severity,
        age: Math.round(peer.age),
      })),
    };
  }

  /** Counts as broken, a little, until then: the rule that keeps the last fit node in place holds here too. */
  private yieldFor(milliseconds: number): string | null {
    this.awayUntil = performance.now() + milliseconds;
    this.judge();
    if (this.decision.yield) return null;
    this.awayUntil = 0;
    const { why } = this.decision;
    this.judge();
    return why;
  }

  private tick(): void {
    const now = performance.now();
    const late = now - this.lastTick > this.timing.judge + this.timing.late;
    this.lastTick = now;
    this.witnesses.want(this.networks.targets(now), now);
    // What arrived while this process stood still is read first.
    if (!late) this.judge();
  }

  private judge(): void {
    const now = performance.now();
    this.noteDead(this.networks.dead(now));
    const before = raisedFaults(this.ledger);
    this.ledger = updated(this.ledger, this.presentFaults(now), now, this.cluster);
    const faults = raisedFaults(this.ledger);
    for (const fault of faults) if (!before.includes(fault)) this.log.info({ fault }, "fault raised");
    for (const fault of before) if (!faults.includes(fault)) this.log.info({ fault }, "fault cleared");
    const away = now < this.awayUntil;
    const own = severity(this.ledger, now, this.cluster) + (away ? plannedAbsence : 0);
    const reasons = away ? [...faults, "a planned move"] : faults;
    const decision = decide(
      { severity: own, faults: reasons },
      this.peers.reports(now),
      this.timing.freshness,
    );
    const news = own !== this.severity || decision.yield !== this.decision.yield;
    if (decision.yield !== this.decision.yield) {
      writeTrackFile(paths.fault, decision.yield);
      this.log.info({ why: decision.why }, decision.yield ? "yields the virtual IPs" : "no longer yields");
    }
    this.severity = own;
    this.decision = decision;
    if (news) this.sendBeat();
  }

  private presentFaults(now: number) {
    const waiting = now - this.started < this.timing.grace;
    if (this.keepalived.process === "running") this.keepalivedSeen = true;
    const missing = waiting && !this.keepalivedSeen ? "unknown" : "gone";
    return ownFaults(this.cluster, this.node, this.serving, {
      keepalived: this.keepalived.process === "running" ? "up" : missing,
      haproxy: this.haproxyState === "unknown" && !waiting ? "gone" : this.haproxyState,
      roles: this.keepalived.states,
      present: presentAddresses(),
      deadNetworks: new Set(this.dead.keys()),
      rulesMissing: this.rules.missing.length > 0,
    });
  }

  private noteDead(dead: ReadonlyMap<string, string>): void {
    for (const [network, proof] of dead)
      if (!this.dead.has(network)) this.log.info({ network, proof }, "network dead for this node alone");
    for (const network of this.dead.keys())
      if (!dead.has(network)) this.log.info({ network }, "network no longer dead");
    this.dead = dead;
  }

  private haproxyIs(state: "up" | "gone", why: string): void {
    // At the start it may be the agent that came first.
    if (state === "gone" && this.haproxyState === "unknown") return;
    this.haproxyState = state;
    this.judge();
    this.log.info({ why }, state === "up" ? "HAProxy answers" : "HAProxy is gone");
  }

  private hear(beat: Beat, network: string): void {
    const now = performance.now();
    const before = this.peers.reports(now).find(({ name }) => name === beat.node);
    if (!this.peers.take(beat, network, now)) return;
    this.networks.beat(beat, network, now);
    if (before === undefined || before.age > this.timing.freshness)
      this.log.info({ peer: beat.node, sameTopology: beat.digest === this.digest }, "peer heard");
    if (before?.severity !== beat.severity) this.judge();
  }

  private sendBeat(): void {
    this.sequence += 1;
    const networks = this.networks.report(performance.now(), (network) => this.vrrp(network));
    const { severity: own, digest, boot, sequence } = this;
    const faults = raisedFaults(this.ledger);
    const yielding = this.decision.yield;
    this.beats.send(
      encode({ node: this.node.name, boot, sequence, severity: own, faults, yielding, digest, networks }),
    );
  }

  private follow(): void {
    this.judge();
    const peers = peersOf(this.cluster, this.node).map(({ name }) => name);
    for (const [network, role] of this.keepalived.states) {
      if (this.roles.get(network) === role) continue;
      this.roles.set(network, role);
      const cause = causeOf(role, this.decision, this.peers.fresh(performance.now()), peers);
      this.log.info({ network, role, cause }, "role changed");
    }
  }

  private async orphaned(how: "dead" | "frozen", removal: string): Promise<void> {
    const took = removeAddresses(removal);
    this.roles.clear();
    this.judge();
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

  private async learnNeighbours(): Promise<void> {
    try {
      this.networks.learn(await readNeighbours(this.host));
    } catch (error) {
      this.log.warn({ err: error }, "neighbours could not be read");
    }
  }

  private vrrp(network: string): BeatNetwork["vrrp"] {
    const state = this.keepalived.states.get(network);
    return state === undefined || state === "init" ? null : state;
  }

  private hasServersOn(): (network: string) => boolean {
    const addresses = this.cluster.services.flatMap(({ servers }) => servers.map(({ address }) => address));
    return (network) => {
      const targets = new NetworkTargets(this.cluster, network);
      return addresses.some((address) => targets.has(address));
    };
  }
}

/** Node lists the interfaces that are up and have carrier (getifaddrs(3), IFF_UP and IFF_RUNNING). */
const presentAddresses = (): Set<string> =>
  new Set(
    Object.values(networkInterfaces()).flatMap((addresses) =>
      (addresses ?? []).map(({ address }) => address),
    ),
  );
