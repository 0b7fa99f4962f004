import type { Logger } from "pino";
import type { Host } from "../host/host.js";
import type { Cluster, Node } from "../topology/cluster.js";
import type { AgentListener } from "./agent-listener.js";
import type { Beat, BeatNetwork } from "./beats/beat.js";
import { Conversation, type Word } from "./beats/conversation.js";
import { type PeerLink, PeerLinks } from "./beats/peer-links.js";
import { changedPeers, type PeerState, peerState } from "./beats/peer-state.js";
import { Peers } from "./beats/peers.js";
import type { Inheritance } from "./inheritance.js";
import type { Facts } from "./judgement/own-faults.js";
import { Neighbours } from "./networks/neighbours.js";
import { Networks } from "./networks/networks.js";
import { WitnessPatience } from "./networks/witness-patience.js";
import type { WitnessSight } from "./networks/witness-sight.js";
import { WitnessSilence } from "./networks/witness-silence.js";
import { Witnesses } from "./networks/witnesses.js";
import type { AgentTiming } from "./timing.js";

/** Milliseconds: a path that dies before anybody on it is known cannot be told from a quiet one. */
const wantWitnessesEvery = 800;
/** A beat may come so much too early: the pulse that sends it is no exact clock. */
const slack = 20;

export interface SurroundingsListener {
  /** What the peers are to be told of this node itself. */
  word(): Omit<Word, "networks">;
  role(network: string): BeatNetwork["vrrp"];
  /** A peer is otherwise broken than it was. */
  changed(): void;
  /** A peer says that it is master where keepalived here says the same: one of the two may be frozen. */
  contested(): void;
  beat(beat: Beat): void;
  /** Who wants to know of it. */
  readonly told: Pick<AgentListener, "peer" | "links" | "witnesses">;
}

/** The node that is surrounded. */
export interface Centre {
  readonly cluster: Cluster;
  readonly node: Node;
  /** Of the cluster, so that differing topologies show. */
  readonly digest: string;
  readonly timing: AgentTiming;
}

type Estate = Pick<
  Inheritance,
  "count" | "peers" | "evidence" | "unheard" | "silentWitnesses" | "listeningSince"
>;

/** What stands around a node: its peers, and who answers on its networks. Times are of performance.now(). */
export class Surroundings {
  private readonly known: Peers;
  private readonly networks: Networks;
  private readonly witnesses: Witnesses;
  private readonly conversation: Conversation;
  private readonly neighbours: Neighbours;
  private readonly links: PeerLinks;
  private readonly witnessSilence: WitnessSilence;
  private readonly patience: WitnessPatience;
  private told = Number.NEGATIVE_INFINITY;
  private wanted = Number.NEGATIVE_INFINITY;
  private readonly timing: AgentTiming;
  private states: readonly PeerState[] = [];
  private stopped = false;
  /** Somebody decides who holds the virtual IPs where no peer is heard. */
  private readonly hasWitness: boolean;
  private readonly since: number;

  constructor(
    { cluster, node, digest, timing }: Centre,
    private readonly listener: SurroundingsListener,
    host: Host,
    private readonly log: Logger,
    inherited: Estate | null,
  ) {
    this.timing = timing;
    this.since = inherited?.listeningSince ?? performance.now();
    this.hasWitness = cluster.failover.witnesses.length > 0;
    this.neighbours = new Neighbours(host, node);
    const others = new Set(cluster.nodes.map(({ name }) => name).filter((name) => name !== node.name));
    const remembered = [...(inherited?.peers ?? [])].filter(([name]) => others.has(name));
    this.known = new Peers(timing.freshness, new Map(remembered));
    this.networks = new Networks(cluster, node, this.known, timing.silence, inherited?.evidence);
    this.links = new PeerLinks(
      node.interfaces.map(({ network }) => network),
      timing.freshness,
      (lost, back) => listener.told.links(lost, back),
      inherited?.unheard,
    );
    const named = new Set(cluster.failover.witnesses.map(({ address }) => address));
    this.witnessSilence = new WitnessSilence(
      (lost, back) => listener.told.witnesses(lost, back),
      inherited?.silentWitnesses.filter((address) => named.has(address)),
    );
    this.patience = new WitnessPatience(timing.silence, inherited?.silentWitnesses);
    this.witnesses = new Witnesses((why) => log.warn({ why }, "fping ended"));
    const word = () => ({ ...listener.word(), networks: this.report(performance.now()) });
    const heard = (beat: Beat, network: string, changed: boolean) => {
      this.networks.beat(beat, network, performance.now());
      listener.beat(beat);
      if (changed) listener.changed();
      const isMaster = ([name, { vrrp }]: [string, BeatNetwork]) =>
        vrrp === "master" && listener.role(name) === "master";
      if (Object.entries(beat.networks).some(isMaster)) listener.contested();
    };
    const told = { word, heard };
    this.conversation = new Conversation(cluster, node, digest, this.known, told, log, inherited?.count);
  }

  /** Takes what the witnesses answered, and sees to it that the right ones are asked. To be called before each judgement. */
  listen(now: number): void {
    const ahead = Date.now() - now;
    for (const { address, answered, at } of this.witnesses.results())
      this.networks.ping(address, answered, Math.min(at - ahead, now));
    if (now - this.wanted < wantWitnessesEvery) return;
    this.wanted = now;
    void this.wantWitnesses();
  }

  /** Tells the peers at once how this node is. */
  tell(): void {
    this.told = performance.now();
    this.conversation.send();
  }

  /** Tells the peers, unless they have just been told. To be called after each judgement. */
  beat(now: number): void {
    this.followPeers(now);
    this.links.look(this.known.all, now);
    this.witnessSilence.look(this.witnessSights(now), now);
    if (now - this.told >= this.timing.judge.uneasy - slack) this.tell();
  }

  /** Milliseconds for which all stays well if nothing is heard; not above 0 while a live peer is unfit or was not met lately. */
  calmFor(now: number): number {
    // The witness is all that is left to this node: its silence is to be found as soon as a dead path is.
    if (this.hasWitness && !this.states.some(({ alive }) => alive)) return 0;
    if (this.states.some(({ alive, ready }) => alive && !ready)) return 0;
    return this.networks.doubtIn(now, this.timing.doubt);
  }

  facts(now: number): Pick<Facts, "deadNetworks" | "witnesses"> {
    return { deadNetworks: this.networks.dead(now), witnesses: this.witnessSights(now) };
  }

  /** Every peer that was ever heard. */
  peers(now: number): PeerState[] {
    return this.known.reports(now).map((word) => peerState(word, this.timing.freshness));
  }

  /** Networks on which a live peer is not heard. */
  get unheard(): readonly PeerLink[] {
    return this.links.unheard;
  }

  /** Witnesses of the operator's that do not answer. */
  get silentWitnesses(): readonly string[] {
    return this.witnessSilence.told;
  }

  /** The last beat of every peer that was ever heard, and how many milliseconds ago it arrived. */
  heardBeats(now: number): { readonly beat: Beat; readonly age: number }[] {
    return [...this.known.all.values()].map(({ beat, at }) => ({ beat, age: now - at }));
  }

  report(now: number): Record<string, BeatNetwork> {
    return this.networks.report(now, (network) => this.listener.role(network));
  }

  /** For the next agent of this process. */
  get estate(): Estate {
    const { known, networks, conversation, unheard, silentWitnesses } = this;
    const told = { unheard, silentWitnesses, listeningSince: this.since };
    return { count: conversation.counted, peers: known.all, evidence: networks.evidence, ...told };
  }

  stop(): void {
    this.stopped = true;
    this.witnesses.stop();
    this.conversation.stop();
  }

  /** How the operator's witnesses stand; nobody's word counts before a peer that lives would have been heard. */
  private witnessSights(now: number): WitnessSight[] {
    if (now - this.since < this.timing.freshness) return [];
    const alone = Math.min(now - this.since, ...this.known.reports(now).map(({ age }) => age));
    const sights = this.networks.witnesses(now, (address) => this.patience.with(address, alone));
    return this.patience.saw(sights, now);
  }

  private followPeers(now: number): void {
    const before = this.states;
    this.states = this.peers(now);
    for (const peer of changedPeers(before, this.states)) this.listener.told.peer(peer);
  }

  private async wantWitnesses(): Promise<void> {
    try {
      const neighbours = await this.neighbours.read();
      if (neighbours !== null) this.networks.learn(neighbours);
    } catch (error) {
      this.log.warn({ err: error }, "neighbours could not be read");
    }
    const now = performance.now();
    if (!this.stopped) this.witnesses.want(this.networks.targets(now), now);
  }
}
