import type { Logger } from "pino";
import type { EventKind } from "../../api/event.js";
import { isFinal } from "../../deploy/decide-votes.js";
import { isSame } from "../../deploy/generation.js";
import { OneAtATime } from "../../deploy/one-at-a-time.js";
import { Settler } from "../../deploy/settler.js";
import type { TransactionRecord } from "../../deploy/transaction.js";
import { CatchUp, notAskedYet } from "../../fleet/catch-up.js";
import { HandingOn } from "../../fleet/handing-on.js";
import { outOfService } from "../../fleet/maintenance.js";
import { MaintenanceBook } from "../../fleet/maintenance-book.js";
import { meetAll } from "../../fleet/maintenance-round.js";
import { Office } from "../../fleet/office.js";
import { messageOf } from "../../fleet/refusal.js";
import type { Host } from "../../host/host.js";
import { observeOwned } from "../../observe/addresses.js";
import { readManifest } from "../../observe/kept-generation.js";
import { paths } from "../../render/paths.js";
import type { Cluster } from "../../topology/cluster.js";
import type { PeerState } from "../beats/peer-state.js";
import { CalibrationDesk } from "../calibration/calibration-desk.js";
import { Chores } from "../chores.js";
import { TableWatch } from "../conntrack-table/table-watch.js";
import { DriftEvents } from "../drift/drift-events.js";
import { KernelRules } from "../drift/kernel-rules.js";
import { DriftWatch } from "../drift/watch.js";
import type { EventLog, Happening } from "../events/log.js";
import { untilExpiryLook } from "../expiry-look.js";
import { MirrorKeeper } from "../mirror/mirror-keeper.js";
import { MultiplexerReports } from "../mirror/multiplexer-reports.js";
import { MultiplexerWay } from "../mirror/multiplexer-way.js";
import { streamFileAt } from "../mirror/stream-file.js";
import { readNode } from "../node-document.js";
import { beatsHeard } from "../preflight/beats-heard.js";
import { PreflightDesk } from "../preflight/preflight-desk.js";
import { Renderer } from "../renderer/renderer.js";
import { readPage } from "../server/page-files.js";
import { type RunningApi, serveApi } from "../server/serve.js";
import type { TlsIdentity } from "../tls-identity.js";
import { claimHearers } from "./claim-hearers.js";
import { DrillBook } from "./drill-book.js";
import { answersOf } from "./fitness.js";
import { handlersOf } from "./handlers.js";
import { type LastOwnership, lastOwnership, ownershipIn } from "./last-ownership.js";
import { listeningAddress, peerAddressesOf } from "./listening.js";
import { liveHandlers } from "./live.js";
import { mirroredBy } from "./mirrored.js";
import { topologyOf } from "./node-files.js";
import { Overview } from "./overview.js";
import { ownNames } from "./own-names.js";
import { OwnNode } from "./own-node.js";
import { withOwnServices } from "./own-services.js";
import { PeerClients } from "./peer-clients.js";
import type { Running, RunningParts } from "./running.js";
import { sharedViews } from "./shared-views.js";
import { Watched } from "./watched.js";

/** What a node is before anything of its cluster is known. */
export interface Self {
  readonly node: string;
  readonly clusterName: string;
  readonly programVersion: string;
}

/**
 * One node's agent, as long as its process lives: who the node is, its part in changes, its events, its API. What
 * watches the node by the topology that runs is replaced within it.
 */
export class Daemon {
  private api: RunningApi | null = null;
  private unwatchExpiry: () => void = () => undefined;
  private behind: string | null = notAskedYet;
  private doubt: string | null = null;
  private ownership: LastOwnership = { owner: false, takeover: null, changed: null };
  private readonly following = new OneAtATime();
  private readonly drills: DrillBook;
  private readonly host: Host;
  private readonly watched: Watched;
  private readonly own: OwnNode;
  private readonly office: Office;
  private readonly settler: Settler;
  private readonly catchUp: CatchUp;
  private readonly revocations: HandingOn;
  private readonly maintenanceWords: HandingOn;
  private readonly peers: PeerClients;
  private readonly kernelRules: KernelRules;
  private readonly drift: DriftWatch;
  private readonly overview: Overview;
  private readonly calibration: CalibrationDesk;
  private readonly preflight: PreflightDesk;
  private readonly table: TableWatch;
  private readonly mirrors: MirrorKeeper;
  private readonly multiplexer: MultiplexerReports;
  private readonly chores = new Chores();

  private constructor(
    private readonly self: Self,
    host: Host,
    private readonly identity: TlsIdentity,
    private readonly events: EventLog,
    private readonly book: MaintenanceBook,
    private readonly log: Logger,
  ) {
    const { node, programVersion, clusterName } = self;
    this.drills = new DrillBook(events);
    this.host = withOwnServices(host, () => this.follow());
    this.peers = new PeerClients(node, () => identity.current?.secureContext ?? null);
    const { render } = new Renderer(this.host, node, programVersion);
    const cluster = () => this.cluster;
    const members = (clusters: readonly Cluster[]) => this.peers.of(clusters).map(({ member }) => member);
    const others = () => (this.cluster === null ? [] : members([this.cluster]));

    this.watched = new Watched({
      circumstances: () => ({ unsettled: this.doubt ?? this.behind, maintenance: this.inMaintenance }),
      node: () => this.nodeParts(),
      vpn: {
        ...{ host: this.host, log, tell: (event) => this.tell(event) },
        hearers: (of) => claimHearers(of, members([of])),
      },
    });
    this.own = new OwnNode({
      ...{ node, host: this.host, programVersion, render, book, cluster },
      holds: async () => (this.cluster === null ? 0 : (await observeOwned(host, this.cluster)).length),
      now: () => Date.now(),
      steady: () => performance.now(),
      tell: (sentence, record) => this.recorded(sentence, record),
      fitness: () => this.watched.unfitness(),
      answers: () => answersOf(this.running?.agent),
      reach: async () => (await this.running?.agent.reach()) ?? { reached: [], unreached: [] },
      standing: () => this.overview.standing(),
      peers: (of) => this.peers.nodesOf(of).map(({ member }) => member),
      suspend: () => this.drift.suspend(),
      resume: () => {
        this.drift.resume();
        this.catchUp.changeEnded();
      },
      undisturbed: (work) => this.watched.undisturbed(work),
      stepBack: (milliseconds) => this.running?.agent.yieldFor(milliseconds) ?? null,
      planned: (by) => this.running?.lookout.planned(by),
    });
    this.settler = new Settler({
      after: (milliseconds, work) => this.chores.after(milliseconds, work),
      own: this.own,
      peers: () => members([this.own.joining, this.cluster].flatMap((known) => known ?? [])),
      steady: () => performance.now(),
      doubt: (why) => {
        this.doubt = why;
        this.settleFault();
      },
      tell: (sentence) => this.trouble(sentence),
    });
    this.revocations = new HandingOn({
      word: () => identity.current?.crl ?? null,
      peers: () => others().map((peer) => ({ node: peer.node, hear: (crl) => peer.hearRevocations(crl) })),
    });
    this.maintenanceWords = new HandingOn({
      word: () => JSON.stringify(book.notes),
      peers: () =>
        others().map((peer) => ({
          node: peer.node,
          hear: async () => book.meet(await peer.meet(book.notes)),
        })),
    });
    this.catchUp = new CatchUp({
      ...{ programVersion, render, own: this.own, peers: others },
      heard: () =>
        (this.running?.agent.peers() ?? [])
          .filter(({ alive }) => alive)
          .map(({ name, generation }) => ({ node: name, generation })),
      inMaintenance: () => this.inMaintenance,
      meet: () => meetAll(book, others()),
      unsettled: (why) => {
        this.behind = why;
        this.settleFault();
      },
      tell: (text) => this.trouble(text),
    });
    this.office = new Office({
      ...{ own: this.own, clusterName, cluster, peers: members, render, book },
      topologyOf: (number) => topologyOf(host, number),
      tell: (kind: EventKind, text, details) => this.tell({ kind, text, details }),
    });
    this.calibration = new CalibrationDesk({
      ...{ node, host },
      isActive: () => this.watched.mayBeActive,
    });
    this.preflight = new PreflightDesk({
      ...{ node, clusterName, programVersion, host: this.host, render },
      current: async () => {
        const manifest = await readManifest(this.host);
        return manifest === null ? null : topologyOf(this.host, manifest.number);
      },
      beats: () => {
        const { lookout, agent } = this.running ?? {};
        return lookout && agent ? beatsHeard(lookout.cluster, node, agent.report()) : null;
      },
      mirror: () => this.mirrors.pid,
      scouts: (of) => this.peers.scouts(this.cluster === null ? [of] : [of, this.cluster]),
    });
    this.table = new TableWatch((event) => this.tell(event));
    this.mirrors = new MirrorKeeper({
      ...{ log, now: () => performance.now() },
      peers: () =>
        this.cluster === null ? [] : this.peers.nodesOf(this.cluster).map(({ member }) => member),
      file: streamFileAt(paths.mirrorStreams),
      tell: (event) => this.tell(event),
    });
    this.multiplexer = new MultiplexerReports({
      ...{ path: paths.multiplexerSocket, now: () => performance.now() },
      way: new MultiplexerWay(host, log),
      tell: (event) => this.tell(event),
    });
    this.kernelRules = new KernelRules(host, log);
    this.kernelRules.onLook(() => this.running?.agent.rulesChanged());
    const drifted = new DriftEvents((event) => this.tell(event));
    this.drift = new DriftWatch(host, this.kernelRules, drifted, this.chores, log);
    this.overview = new Overview({
      ...{ node, clusterName, host, programVersion },
      running: () => this.running,
      vpn: () => this.watched.vpn,
      record: () => this.own.record(),
      ending: () => this.own.ending,
      certificate: () => identity.current?.expires ?? null,
      authority: () => identity.current?.authorityExpires ?? null,
      maintenance: () => book.notes,
      unsettled: () => this.doubt ?? this.behind,
      lastTakeover: () => {
        const at = this.running?.lookout.unexplained ?? null;
        return at === null ? this.ownership.takeover : { at, cause: null, gap: null };
      },
      table: () => this.table.fill,
      mirrors: () => [...this.mirrors.reports, ...this.multiplexer.reports],
      lastRoleChange: () => this.running?.lookout.unexplained ?? this.ownership.changed,
      drills: () => this.drills.verdicts,
      drifts: () => this.drift.items().map(({ sentence }) => sentence),
      drift: () => this.drift.items().map(({ kind, what, diff, since }) => ({ kind, what, diff, since })),
      peers: (of) => this.peers.reports(of),
    });
  }

  static async start(
    self: Self,
    host: Host,
    identity: TlsIdentity,
    events: EventLog,
    log: Logger,
  ): Promise<Daemon> {
    let daemon: Daemon | null = null;
    const book = await MaintenanceBook.open(host, () => daemon?.maintained());
    daemon = new Daemon(self, host, identity, events, book, log);
    await daemon.begin();
    return daemon;
  }

  async stop(): Promise<void> {
    this.table.stop();
    this.catchUp.stop();
    this.settler.stop();
    this.revocations.stop();
    this.maintenanceWords.stop();
    await this.api?.close();
    this.peers.close();
    await this.drift.stop();
    await this.kernelRules.stop();
    this.mirrors.stop();
    this.multiplexer.stop();
    await this.watched.stop();
    await this.identity.close();
    this.tell({ kind: "agent", text: "the agent ends", details: {} });
    await this.events.close();
  }

  private get cluster(): Cluster | null {
    return this.watched.cluster;
  }

  /** What watches a load balancer; null elsewhere. */
  private get running(): Running | null {
    return this.watched.node;
  }

  private get inMaintenance(): boolean {
    return outOfService(this.book.notes).includes(this.self.node);
  }

  private async begin(): Promise<void> {
    const { programVersion, node } = this.self;
    this.ownership = await lastOwnership(this.events);
    this.tell({ kind: "agent", text: "the agent starts", details: { program: programVersion } });
    // Nobody calls drift what an interrupted change left.
    void this.drift.suspend();
    // The node's health first: what an interrupted change left is put back under its eyes. Where node.json is damaged
    // there is none to watch, and the API is needed all the more: an apply writes another.
    await this.follow().catch((error: unknown) =>
      this.trouble(`the node cannot be watched: ${messageOf(error)}`),
    );
    this.table.start();
    await this.own.start();
    this.settler.start();
    this.catchUp.start();
    // Known from the first scrape on, and before anybody can note another one.
    await this.drills.recall();
    const views = sharedViews(this.overview);
    const others = () =>
      (this.cluster === null ? [] : this.peers.of([this.cluster])).map(({ member, client }) => ({
        ...{ node: member.node, client },
      }));
    this.api = await serveApi({
      handlers: handlersOf({
        ...{ node, host: this.host, own: this.own, office: this.office, cluster: () => this.cluster },
        inMaintenance: () => this.inMaintenance,
        ...{ events: this.events, drills: this.drills, identity: this.identity, views, others },
        ...{ calibration: this.calibration, preflight: this.preflight, mirrors: this.mirrors },
        vpn: () => this.watched.vpn,
        live: liveHandlers({
          ...{ node, views, events: this.events, others },
          running: () => this.running,
          cluster: () => this.cluster,
          failed: (why) => this.log.warn({ why }, "what pages are shown could not be looked at"),
        }),
      }),
      unix: paths.agentSocket,
      identity: this.identity,
      tcp: listeningAddress(node, this.cluster),
      isPeer: (address) => peerAddressesOf(node, this.cluster).has(address),
      ownNames: () => ownNames(node, this.cluster),
      page: await readPage(),
      programVersion,
      log: this.log,
    });
    await this.identity.watch(() => this.renew());
    // What was wrong as the agent started changes nothing in the directory.
    if (this.identity.trouble !== null) this.renew();
    else this.watchExpiry();
  }

  /** A certificate expires without a file that changes. */
  private watchExpiry(): void {
    this.unwatchExpiry();
    const { current } = this.identity;
    this.unwatchExpiry = this.chores.after(untilExpiryLook(current?.expires ?? null, Date.now()), () => {
      void this.identity.load();
      this.watchExpiry();
    });
  }

  /** Reads node.json again, and goes on by what it says now; one after the other, whoever asks. */
  private follow(): Promise<void> {
    return this.following.run(() => this.readAndFollow());
  }

  private async readAndFollow(): Promise<void> {
    const [document, manifest] = [await readNode(this.host), await readManifest(this.host)];
    const generation = manifest && { number: manifest.number, digest: manifest.digest };
    await this.watched.follow(document, generation);
    this.mirrored();
    this.api?.moveTo(listeningAddress(this.self.node, this.cluster));
  }

  /** The topology, or where the virtual IPs are, is otherwise. */
  private mirrored(): void {
    const { tasks, inline, active, link } = mirroredBy(this.running);
    this.mirrors.follow(tasks, active, link);
    this.multiplexer.follow(inline, active);
  }

  private nodeParts(): RunningParts {
    return {
      ...{ host: this.host, log: this.log, chores: this.chores, owned: this.ownership.owner },
      tell: (event) => this.tell(event),
      peer: (peer) => this.noticed(peer),
      role: (change) => {
        this.calibration.role(change);
        this.mirrored();
      },
      standing: (answer) => this.drift.poolAnswers(answer),
    };
  }

  /** The record of the change under way is another one, or something about it went wrong. */
  private recorded(sentence: string, record: TransactionRecord | null): void {
    if (record === null) {
      this.trouble(sentence);
      return;
    }
    const { phase, proposal } = record;
    this.log.info({ change: proposal.id, phase }, sentence);
    if (phase === "trial" || isFinal(phase)) {
      const { author, message, generation } = proposal;
      this.tell({ kind: "apply", text: sentence, details: { phase, generation, author, message } });
    }
    void this.follow().catch((error: unknown) =>
      this.log.error({ err: error }, "node.json could not be read"),
    );
  }

  private noticed(peer: PeerState): void {
    if (peer.alive) this.settler.notice();
    this.revocations.notice(peer);
    this.maintenanceWords.notice(peer);
    this.mirrors.notice(peer);
    const own = this.running?.agent.report().generation ?? null;
    if (peer.alive && !isSame(peer.generation, own)) this.catchUp.notice();
  }

  private maintained(): void {
    this.running?.agent.setMaintenance(this.inMaintenance);
    void this.maintenanceWords.spread();
    this.catchUp.notice();
  }

  private settleFault(): void {
    this.running?.agent.setUnsettled(this.doubt ?? this.behind);
  }

  private renew(): void {
    this.watchExpiry();
    this.api?.renew();
    this.peers.renew();
    void this.revocations.spread();
    const { current, trouble } = this.identity;
    const text = trouble ?? `the certificate is valid until ${current?.expires.toISOString() ?? "never"}`;
    this.tell({ kind: "certificate", text, details: { serial: current?.serial ?? null, trouble } });
  }

  private trouble(sentence: string): void {
    this.log.warn(sentence);
    this.tell({ kind: "apply", text: sentence, details: {} });
  }

  private tell(event: Happening): void {
    const { at } = this.events.append(event);
    const word = ownershipIn({ ...event, at });
    if (word === null) return;
    const takeover = word.takeover ?? this.ownership.takeover;
    this.ownership = { owner: word.takeover !== null, takeover, changed: word.at };
  }
}
