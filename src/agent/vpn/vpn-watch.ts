import type { Logger } from "pino";
import type { ClaimAnswer } from "../../api/vpn.js";
import type { Host } from "../../host/host.js";
import { paths } from "../../render/paths.js";
import type { Vpn, VpnServer } from "../../topology/cluster.js";
import { familiesOf, isTap } from "../../topology/vpn-select.js";
import { type ClaimMessage, Claims, type Standing } from "../../vpn/claims.js";
import type { ClientEvent, Clients, Presence } from "../../vpn/clients.js";
import { hookEvent } from "../../vpn/hook-event.js";
import type { HostRoute } from "../../vpn/host-routes.js";
import type { Whose } from "../../vpn/whose.js";
import type { Happening } from "../events/log.js";
import { BirdWatch } from "./bird-watch.js";
import { type ClaimHearer, ClaimSpread } from "./claim-spread.js";
import { conditionsOf } from "./conditions-of.js";
import { Counting } from "./counting.js";
import { Endings } from "./endings.js";
import { nextEpoch } from "./epoch.js";
import { HookSocket } from "./hook-socket.js";
import { ManagementLink } from "./management-link.js";
import { holdsDevice, managementPassword } from "./openvpn-process.js";
import { Pace } from "./pace.js";
import { clientsOf, routesOf } from "./report-of.js";
import { RouteKeeper } from "./route-keeper.js";
import { nothingYet, type VpnMemory } from "./vpn-memory.js";
import type { VpnReport, VpnRouteReport } from "./vpn-report.js";

export interface VpnWatchParts {
  readonly vpn: Vpn;
  readonly whose: Whose;
  /** This one. */
  readonly server: VpnServer;
  readonly host: Pick<Host, "run" | "read" | "stage" | "swap" | "now">;
  readonly log: Logger;
  /** The other servers' agents, as they are known now. */
  readonly peers: () => readonly ClaimHearer[];
  readonly tell: (happening: Happening) => void;
  /** Of the watch before this one, where only the topology is another. */
  readonly memory?: VpnMemory;
}

/** Milliseconds between two looks at everything, where there is not so much (pace.ts): what events told is only believed until the next. */
const every = 2_000;

/**
 * Watches one VPN server: who is connected to its OpenVPN, what is reached through whom, which of the servers has a client that
 * was on several, and the kernel's routes that follow from it. BIRD carries those. When it ends, everything goes on as it
 * stands; when it begins, only what differs is changed.
 */
export class VpnWatch {
  readonly memory: VpnMemory;
  readonly #clients: Clients;
  readonly #hooks: HookSocket;
  readonly #link: ManagementLink;
  readonly #routes: RouteKeeper;
  readonly #spread: ClaimSpread;
  readonly #bird: BirdWatch;
  readonly #endings: Endings;
  readonly #counting: Counting;
  readonly #whose: Whose;
  readonly #paces = { count: new Pace(), routes: new Pace(), bird: new Pace() };
  /** A snapshot was read, or there is nobody to count. */
  #counted = false;
  #hookTrouble: string | null = null;
  #linkTrouble: string | null = null;
  #running = true;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(private readonly parts: VpnWatchParts) {
    const { vpn, server, host } = parts;
    this.memory = parts.memory ?? nothingYet();
    this.#clients = this.memory.clients;
    this.#whose = parts.whose;
    this.#routes = new RouteKeeper(host, familiesOf(vpn));
    this.#bird = new BirdWatch(host);
    this.#spread = new ClaimSpread(
      parts.peers,
      () => this.#known.all(),
      () => this.#known.latest,
      (epoch) => this.#known.outgrow(epoch),
    );
    this.#hooks = new HookSocket(
      paths.vpnSocket,
      (text) => this.#hook(text),
      (why) => {
        this.#hookTrouble = why;
      },
    );
    this.#link = new ManagementLink(server.management, () => managementPassword(host, server.management), {
      ready: () => {
        this.#linkTrouble = null;
        this.#paces.count.hasten();
        void this.#paces.count.have(() => this.#count());
      },
      client: (event) => this.#hear(event),
      lost: (why, refused) => void this.#lost(why, refused),
    });
    this.#counting = new Counting({
      ...{ clients: this.#clients, tap: isTap(server) },
      ask: (command) => this.#link.ask(command),
      heard: () => this.#hooks.settled,
      isOver: () => this.#stopped,
      stuck: () => this.#link.drop("it does not answer"),
    });
    this.#endings = new Endings({
      ask: (command) => this.#link.ask(command),
      tell: (text, details) => parts.tell({ kind: "vpn", text, details }),
      late: (cid, why) => parts.log.info({ cid, why }, "a session had ended before it was to be ended"),
    });
  }

  /** Begins with what stands: the kernel's routes stay until it is known who is connected. */
  async start(): Promise<void> {
    this.memory.claims ??= new Claims(this.parts.server.name, await nextEpoch(this.parts.host));
    if (this.#stopped) return;
    this.#begin(this.memory.claims);
    this.#listen();
    this.#link.start();
    this.#timer = setInterval(() => void this.#look(), every);
    void this.#look();
  }

  /** Everything stays as it stands. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearInterval(this.#timer);
    this.#link.stop();
    this.#hooks.stop();
    this.#routes.stop();
    this.#spread.stop();
  }

  /** What the agent of another server tells. @param teller by its certificate */
  hear(teller: string, { epoch, number, news }: ClaimMessage): ClaimAnswer {
    const { vpn, server } = this.parts;
    const { claims } = this.memory;
    const isServer = teller !== server.name && vpn.servers.some(({ name }) => name === teller);
    if (claims === null || !isServer) return { whole: false };
    for (const each of news) {
      const claimed = each.claimed.filter(({ destination }) => this.#whose.isShared(destination));
      this.#act(claims.hear({ ...each, claimed, server: teller, epoch }));
    }
    return { whole: !claims.knows(teller, epoch, number), epoch: claims.epochOf(teller) };
  }

  get report(): VpnReport {
    return {
      server: this.parts.server.name,
      attached: this.#link.isReady,
      counted: this.#counted,
      troubles: this.memory.conditions.told,
      clients: clientsOf(this.#clients.present.values()),
      held: this.memory.held.size,
      peers: this.#bird.peers,
    };
  }

  /** As they stand now; null where BIRD does not say. */
  routes(): Promise<VpnRouteReport[] | null> {
    const { vpn, server, host } = this.parts;
    return routesOf(vpn, server, this.memory.held.values(), host);
  }

  get #known(): Claims {
    if (this.memory.claims === null) throw new Error("the watch of a VPN server has not begun");
    return this.memory.claims;
  }

  /** With what is known of before: which addresses may be on several servers is this topology's to say. */
  #begin(claims: Claims): void {
    const { servers } = this.parts.vpn;
    for (const server of claims.told.keys())
      if (!servers.some(({ name }) => name === server)) this.#act(claims.forget(server));
    this.#clients.touched();
    const own = [...this.#clients.present].filter(([destination]) => this.#whose.isShared(destination));
    this.#act(claims.here(new Map(own.filter(([, presence]) => this.#whose.isOwn(presence)))));
    // Of those who logged in since, none is ended: where OpenVPN gives another address than is known here, it would be for ever.
    for (const [, presence] of own) if (!this.#whose.isOwn(presence)) this.#endFormer(presence);
    this.#routes.want([...this.memory.held.keys()].map(this.#routeTo), false);
  }

  #hook(text: string): void {
    const event = hookEvent(text);
    if ("refused" in event)
      this.parts.log.warn({ why: event.refused }, "a hook of OpenVPN's says what is not understood");
    else if (event.value !== null) this.#hear(event.value);
  }

  #hear(event: ClientEvent): void {
    if (this.#stopped) return;
    this.#clients.hear(event);
    this.#settle();
  }

  /** Who is connected, by OpenVPN's own table. */
  async #count(): Promise<void> {
    const refused = await this.#counting.count();
    if (refused === undefined) return;
    if (refused !== null) {
      this.#linkTrouble = `its table of clients cannot be read: ${refused}`;
      this.#paces.count.hasten();
      return;
    }
    this.#linkTrouble = null;
    this.#running = true;
    this.#settle();
    if (this.#endings.any) this.#endings.again(this.#sessions);
    this.#isCounted();
  }

  /** From now on it is known who is connected, and what else has a route loses it. */
  #isCounted(): void {
    if (this.#counted) return;
    this.#counted = true;
    this.#routes.want([...this.memory.held.keys()].map(this.#routeTo), true);
  }

  /** What follows from what changed among those who are here. */
  #settle(): void {
    const shared = new Set(
      [...this.#clients.touched()].filter((destination) => this.#whose.isShared(destination)),
    );
    const { present } = this.#clients;
    this.#act(
      this.#known.changed(shared, (destination) => {
        const presence = present.get(destination);
        return presence !== undefined && this.#whose.isOwn(presence) ? presence : undefined;
      }),
    );
  }

  #act({ touched, kill, news }: Standing): void {
    const now = this.parts.host.now();
    const { held } = this.#known;
    const own = this.memory.held;
    const routes = new Map<string, HostRoute | null>();
    for (const destination of touched) {
      const [presence, before] = [held.get(destination), own.get(destination)];
      if (presence === undefined) own.delete(destination);
      else own.set(destination, { presence, since: before?.since ?? now });
      if ((presence === undefined) === (before === undefined)) continue;
      routes.set(destination, presence === undefined ? null : this.#routeTo(destination));
    }
    if (routes.size > 0) this.#routes.change(routes);
    if (news !== null) this.#spread.news(news);
    if (kill.length > 0) this.#endGhosts(kill);
  }

  readonly #routeTo = (destination: string): HostRoute => ({ destination, device: this.parts.server.device });

  /** Whose each session is, by its CID. */
  get #sessions(): ReadonlyMap<number, string> {
    const known = [...this.#clients.present.values()];
    return new Map(known.flatMap(({ cid, name }) => (cid === null ? [] : [[cid, name] as const])));
  }

  /** @param ghosts sessions by their CID */
  #endGhosts(ghosts: readonly number[]): void {
    const sessions = this.#sessions;
    for (const cid of ghosts) this.#endings.end(cid, sessions.get(cid) ?? "", "is on another server now");
  }

  /** Its client has an address of the topology before this one, until it logs in anew. */
  #endFormer({ name, cid, destination }: Presence): void {
    if (cid !== null) this.#endings.end(cid, name, `has ${destination}, which the topology does not give it`);
  }

  /** Those who have what the topology does not give them, and have no route for that. */
  get #strays(): Presence[] {
    return [...this.#clients.present.values()].filter(
      (presence) => !this.#whose.isOwn(presence) && this.#whose.isShared(presence.destination),
    );
  }

  /** The connection ended, which OpenVPN may have outlived: it is gone with its device. */
  async #lost(why: string, refused: boolean): Promise<void> {
    this.#counting.forget();
    if (this.#stopped) return;
    const isThere = await holdsDevice(this.parts.host, this.parts.server).catch(() => true);
    if (this.#stopped || this.#link.isReady) return;
    this.#linkTrouble = refused ? `nobody listens at its management interface: ${why}` : why;
    this.#running = isThere;
    if (isThere) return;
    this.#clients.daemonEnded();
    this.#routes.forget();
    this.#paces.routes.hasten();
    this.#settle();
    this.#isCounted();
  }

  #listen(): void {
    this.#hookTrouble = null;
    try {
      this.#hooks.ensure();
    } catch (error) {
      this.#hookTrouble = `nobody hears OpenVPN's hooks: ${error instanceof Error ? error.message : error}`;
    }
  }

  async #look(): Promise<void> {
    const paces = this.#paces;
    this.#listen();
    if (this.#routes.trouble !== null) paces.routes.hasten();
    if (this.#link.isReady)
      void (this.#counting.isUnderway ? this.#count() : paces.count.have(() => this.#count()));
    this.#spread.round();
    await Promise.all([
      paces.routes.have(() => this.#routes.look()),
      paces.bird.have(() => this.#bird.look()),
    ]);
    if (!this.#stopped) this.#tell();
  }

  #tell(): void {
    const { vpn, server } = this.parts;
    const conditions = conditionsOf(vpn, server, {
      running: this.#running,
      link: this.#linkTrouble,
      waits: this.#link.waits,
      hooks: this.#hookTrouble,
      routes: this.#running ? this.#routes.trouble : null,
      bird: this.#bird.trouble,
      peers: this.#bird.peers,
      disputes: this.#known.disputes,
      strays: this.#strays,
    });
    for (const { about, text, over } of this.memory.conditions.read(performance.now(), conditions))
      this.parts.tell({ kind: "vpn", text, details: { about, over } });
  }
}
