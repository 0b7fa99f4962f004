import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { Host } from "../host/host.js";
import type { VrrpState } from "../observe/state.js";
import { asWritten, type NodeDocument } from "../render/node-json.js";
import type { Cluster, Node } from "../topology/cluster.js";
import { keepsSessions, nodeNamed, virtualIpNamed, virtualIpsOn } from "../topology/select.js";
import { PresentAddresses } from "./addresses/present-addresses.js";
import { servingNetworks } from "./addresses/serving.js";
import { Strays } from "./addresses/strays.js";
import { type AgentListener, deafListener } from "./agent-listener.js";
import { AnswersWatch } from "./answers/answers-watch.js";
import { endpointsOf } from "./answers/endpoints.js";
import { knock } from "./answers/knock.js";
import { type Reach, ReachWatch } from "./answers/reach-watch.js";
import type { Beat, BeatGeneration } from "./beats/beat.js";
import type { PeerState } from "./beats/peer-state.js";
import { Chores } from "./chores.js";
import { type Circumstances, plainCircumstances } from "./circumstances.js";
import { Engines } from "./engines/engines.js";
import type { Inheritance } from "./inheritance.js";
import { contestedNetworks, rivalOwners } from "./judgement/contested.js";
import { faultNetworks, raisedFaults } from "./judgement/faults.js";
import { Judge } from "./judgement/judge.js";
import type { Judgement } from "./judgement/judgement.js";
import { changedFaults } from "./judgement/news.js";
import type { Facts } from "./judgement/own-faults.js";
import { LostServersWatch } from "./lost-servers/lost-servers-watch.js";
import { Pulse } from "./pulse.js";
import { ProxySessions } from "./release/proxy-sessions.js";
import { RulesWatch } from "./spread/rules-watch.js";
import { type AgentReport, stateDocument } from "./state-document.js";
import { Surroundings } from "./surroundings.js";
import { conntrackd } from "./sync/sync-engine.js";
import { type SyncReport, syncOff } from "./sync/sync-report.js";
import { sceneOf } from "./sync/sync-scene.js";
import { SyncWatch } from "./sync/sync-watch.js";
import { agentTiming } from "./timing.js";
import { AdvertsHeard } from "./wire/adverts-heard.js";

export interface AgentOptions {
  readonly listener?: AgentListener;
  /** What is known of the node from elsewhere when the agent starts; see the setters. */
  readonly circumstances?: Circumstances;
  /** Done when this agent is awake. */
  readonly chores?: Chores;
}

/**
 * Watches one node's engines and networks, tells its peers how it is, and asks keepalived to yield when a peer is less
 * broken. It never decides who is active: that is VRRP's work, with or without it. Made for one topology; `succeed` makes
 * the one for the next.
 */
export class Agent {
  private readonly cluster: Cluster;
  private readonly node: Node;
  private readonly digest: string;
  private readonly listener: AgentListener;
  private circumstances: Circumstances;
  private readonly addresses = new PresentAddresses();
  private readonly judge: Judge;
  private readonly surroundings: Surroundings;
  private readonly rules: RulesWatch;
  private readonly lostServers: LostServersWatch;
  private readonly proxied: ProxySessions;
  private readonly engines: Engines;
  private readonly answering: AnswersWatch;
  private readonly reaching: ReachWatch;
  /** Null where there are no sessions to keep. */
  private readonly sync: SyncWatch | null;
  private readonly strays: Strays;
  private readonly adverts: AdvertsHeard;
  private readonly pulse: Pulse;
  private readonly chores: Chores;

  /** Watches from now on, but judges and speaks only once it is started. */
  constructor(
    document: NodeDocument,
    private readonly host: Host,
    private readonly log: Logger,
    private readonly options: AgentOptions = {},
    inherited: Inheritance | null = null,
  ) {
    const { cluster } = document;
    const node = nodeNamed(cluster, document.node);
    const timing = agentTiming(cluster);
    this.cluster = cluster;
    this.node = node;
    this.digest = createHash("sha256")
      .update(JSON.stringify(asWritten(cluster)))
      .digest("hex")
      .slice(0, 12);
    this.listener = options.listener ?? deafListener;
    this.circumstances = inherited?.circumstances ?? options.circumstances ?? plainCircumstances;

    const { freshness } = timing;
    const chores = options.chores ?? new Chores();
    this.chores = chores;
    const changed = () => this.judge.judge();
    this.judge = new Judge(
      { cluster, node, serving: servingNetworks(cluster), freshness },
      {
        look: (now) => ({ facts: this.facts(now), peers: this.surroundings.peers(now) }),
        changed: () => this.surroundings.tell(),
        judged: (before, after, now) => this.judged(before, after, now),
      },
      log,
      inherited,
    );
    this.surroundings = new Surroundings(
      { cluster, node, digest: this.digest, timing },
      {
        word: () => this.word(),
        role: (network) => this.engines.role(network),
        changed,
        contested: () => this.engines.look(),
        told: this.listener,
        beat: (beat) => {
          this.listener.beat(beat);
          this.proxied.heard();
          this.pulse.join(performance.now());
        },
      },
      host,
      log,
      inherited,
    );
    this.rules = new RulesWatch(host, cluster, log, inherited?.rulesMissing);
    this.lostServers = new LostServersWatch(host, cluster, {
      carries: ({ listen }) =>
        this.engines.role(virtualIpNamed(cluster, listen.virtualIp).network) === "master",
      ended: (ended) => this.listener.ended(ended),
      failed: (why) => log.error({ why }, "sessions of a dead server could not be ended"),
    });
    this.proxied = new ProxySessions(host, cluster, {
      servers: () => this.engines.servers ?? [],
      isServed: (network) => this.isServed(network),
      released: (network, release) => this.listener.released(network, release),
      failed: (why) => log.error({ why }, "both ends of a session that did not move along could not be told"),
    });
    this.strays = new Strays(cluster, node, log);
    this.adverts = new AdvertsHeard(host, cluster, node, (why) =>
      log.warn({ why }, "nobody listens for a peer's adverts"),
    );
    this.engines = new Engines(
      { host, cluster, node, grace: timing.grace },
      {
        changed: () => {
          this.addresses.forget();
          changed();
        },
        role: (network, from, to) => this.took(network, from, to),
        servers: (servers, changes) => {
          // A client that is sent away is not to come back to the server that is dead.
          void this.rules.servers(servers).then(() => this.lostServers.servers(servers));
          this.listener.pool(servers);
          if (changes.length > 0) this.listener.servers(changes);
        },
        standing: (answer) => this.listener.standing(answer),
        haproxy: (answers) => this.listener.haproxy(answers),
        haproxyRenewed: () => this.answering.forget(),
      },
      log,
      inherited?.engines,
    );
    this.answering = new AnswersWatch(
      endpointsOf(cluster),
      knock,
      { serves: (network) => this.serves(network), changed },
      chores,
    );
    this.reaching = new ReachWatch(
      cluster,
      node,
      {
        isServed: (network) => this.isServed(network),
        changed: (lost, back) => this.listener.reach(lost, back),
      },
      chores,
      inherited?.unreached,
    );
    this.sync = keepsSessions(cluster) ? this.syncWatch(inherited) : null;
    this.pulse = new Pulse(timing, {
      calmFor: (now) => (this.judge.isEasy ? this.surroundings.calmFor(now) : 0),
      beat: (now, late) => {
        this.engines.look();
        this.surroundings.listen(now);
        this.sync?.beat(now);
        // What arrived while this process stood still is read first.
        if (!late) this.judge.judge();
        this.surroundings.beat(now);
        chores.awake(now);
      },
    });
  }

  start(): void {
    this.pulse.start();
    this.chores.woken(true);
    this.log.info({ node: this.node.name, cluster: this.cluster.name, digest: this.digest }, "agent runs");
  }

  /** Releases everything. The node counts as fit from then on: without an agent VRRP decides alone. */
  async stop(): Promise<void> {
    await this.leave();
    this.judge.end();
    this.log.info("agent ends");
  }

  /**
   * Ends this agent and starts the one for another topology or generation, which knows all that this one knew: no peer
   * misses a beat, and the track file keeps its value until the new one thinks otherwise.
   */
  async succeed(document: NodeDocument, generation: BeatGeneration | null): Promise<Agent> {
    nodeNamed(document.cluster, document.node); // A document that does not fit leaves this agent in place.
    await this.leave();
    // What it learned while it gave way is among them.
    const circumstances = { ...this.circumstances, generation };
    const next = new Agent(document, this.host, this.log, this.options, { ...this.estate(), circumstances });
    next.start();
    return next;
  }

  /** Steps back for a planned move; null when it does, else why it does not. */
  yieldFor(milliseconds: number): string | null {
    return this.judge.stepBack(milliseconds);
  }

  /** @param why one clause: why the node may be behind its peers or is in doubt; null when it is not, or no longer */
  setUnsettled(why: string | null): void {
    this.learn({ unsettled: why });
  }

  setMaintenance(maintenance: boolean): void {
    this.learn({ maintenance });
  }

  setGeneration(generation: BeatGeneration | null): void {
    this.learn({ generation });
  }

  /** Loads no rules and ends no sessions until `releaseRules`: this node is being changed. Resolves when nothing is under way. */
  async holdRules(): Promise<void> {
    await Promise.all([this.rules.hold(), this.lostServers.hold()]);
  }

  releaseRules(): void {
    this.rules.release();
    this.lostServers.release();
  }

  /** Somebody saw that the kernel's rules changed: looks at them now. */
  rulesChanged(): void {
    this.rules.soon();
  }

  /**
   * Knocks at every virtual IP and port at which this node serves now. On a standby there are none; a `nat` service has
   * none either (its rules are watched).
   */
  async answers(): Promise<{ readonly endpoints: readonly string[]; readonly silent: readonly string[] }> {
    const { answering, silent } = await this.answering.ask();
    return { endpoints: answering, silent };
  }

  /** Knocks at every virtual IP and port at which a peer serves now, over the network. On the active node there are none. */
  reach(): Promise<Reach> {
    return this.reaching.ask();
  }

  /** The last beat of every peer that was ever heard, and how many milliseconds ago it arrived. */
  heardBeats(): { readonly beat: Beat; readonly age: number }[] {
    return this.surroundings.heardBeats(performance.now());
  }

  peers(): PeerState[] {
    return this.surroundings.peers(performance.now());
  }

  /** What `GET /v1/state` answers. */
  state(): ReturnType<typeof stateDocument> {
    const now = performance.now();
    return stateDocument({
      node: this.node.name,
      cluster: this.cluster.name,
      digest: this.digest,
      circumstances: this.circumstances,
      judgement: this.judge.current,
      engines: this.engines.report(),
      networks: this.surroundings.report(now),
      sync: this.syncReport,
      peers: this.surroundings.peers(now),
    });
  }

  report(): AgentReport {
    const { ledger, severity, decision } = this.judge.current;
    return {
      ...this.circumstances,
      ...this.engines.report(),
      roles: this.engines.known.roles,
      faults: raisedFaults(ledger),
      severity,
      yielding: decision.yield,
      why: decision.why,
      servers: this.engines.servers,
      unreached: this.reaching.unreached,
      unheard: this.surroundings.unheard,
      silentWitnesses: this.surroundings.silentWitnesses,
      sync: this.syncReport,
      peers: this.peers(),
    };
  }

  private async leave(): Promise<void> {
    this.judge.retire();
    this.pulse.stop();
    this.chores.woken(false);
    this.answering.stop();
    this.reaching.stop();
    this.surroundings.stop();
    this.sync?.stop();
    await Promise.all([this.rules.stop(), this.lostServers.hold(), this.engines.stop()]);
  }

  private estate(): Omit<Inheritance, "circumstances"> {
    return {
      ...this.judge.estate,
      ...this.surroundings.estate,
      engines: this.engines.known,
      rulesMissing: this.rules.missing,
      unreached: this.reaching.known,
      sync: this.sync?.known ?? null,
    };
  }

  private learn(news: Partial<Circumstances>): void {
    this.circumstances = { ...this.circumstances, ...news };
    this.judge.judge();
    this.surroundings.tell();
  }

  private word() {
    const { severity, ledger, decision } = this.judge.current;
    const { generation, unsettled } = this.circumstances;
    return {
      severity,
      faults: raisedFaults(ledger),
      yielding: decision.yield,
      generation,
      unsettled: unsettled !== null,
      sync: this.sync?.word ?? null,
    };
  }

  private get syncReport(): SyncReport {
    return this.sync?.report ?? syncOff;
  }

  private syncWatch(inherited: Inheritance | null): SyncWatch {
    const { freshness } = agentTiming(this.cluster);
    const listener = {
      scene: (now: number) => {
        const heard = this.surroundings.heardBeats(now).filter(({ age }) => age <= freshness);
        return sceneOf(
          this.engines.known.roles,
          heard.map(({ beat }) => beat),
        );
      },
      changed: () => {
        this.judge.judge();
        this.surroundings.tell();
      },
      told: (report: SyncReport, before: SyncReport) => this.listener.sync(report, before),
      renewed: () => this.listener.syncRenewed(),
    };
    return new SyncWatch(conntrackd(this.host), listener, this.log, inherited?.sync);
  }

  private facts(now: number): Facts {
    return {
      ...this.engines.facts(now),
      present: this.addresses.now(now),
      ...this.surroundings.facts(now),
      rulesMissing: this.rules.missing.length > 0,
      silent: new Set(this.answering.silent(now).map(({ network }) => network)),
      ...this.contest(now),
      unsettled: this.circumstances.unsettled !== null,
      unsynced: this.syncReport.unsynced !== null,
      maintenance: this.circumstances.maintenance,
    };
  }

  private contest(now: number): Pick<Facts, "contested" | "rivals"> {
    const { cluster, node } = this;
    const { freshness } = agentTiming(cluster);
    const beats = this.surroundings
      .heardBeats(now)
      .flatMap(({ beat, age }) => (age <= freshness ? [beat] : []));
    const contested = contestedNetworks(cluster, node, {
      beats,
      role: (network) => this.engines.role(network),
      left: faultNetworks(this.judge.current.ledger, ["second-owner"], true),
      hears: (peer, network) => this.adverts.from(peer, network),
    });
    return { contested, rivals: rivalOwners(cluster, node, beats) };
  }

  private serves(network: string): boolean {
    const { haproxy, roles } = this.engines.known;
    const present = this.addresses.now(performance.now());
    const isHere = ({ address }: { readonly address: string }) => present.has(address);
    const virtual = virtualIpsOn(this.cluster, network).flatMap(({ addresses }) => addresses);
    return haproxy === "up" && roles.get(network) === "master" && virtual.every(isHere);
  }

  private isServed(network: string): boolean {
    if (this.engines.role(network) === "master") return false;
    const { freshness } = agentTiming(this.cluster);
    return this.heardBeats().some(
      ({ beat, age }) => age <= freshness && beat.networks[network]?.vrrp === "master",
    );
  }

  private judged(before: Judgement, after: Judgement, now: number): void {
    // As long as an address is not where it should be, every look is a new one.
    if (faultNetworks(after.ledger, ["address-missing", "address-stray", "interface-down"]).length > 0)
      this.addresses.forget();
    this.strays.remove(faultNetworks(after.ledger, ["address-stray"], true), now);
    const change = changedFaults(before, after);
    if (change === null) return;
    const { yield: yielding, why } = after.decision;
    this.listener.faults({ ...change, severity: after.severity, yielding, why });
  }

  private took(network: string, from: VrrpState | null, to: VrrpState): void {
    this.log.info({ network, role: to }, "role changed");
    this.listener.role({ network, from, to });
    this.proxied.role(network, from, to);
    this.surroundings.tell();
    this.sync?.soon(performance.now());
    if (to === "master") this.answering.soon();
  }
}
