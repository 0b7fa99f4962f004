import type { Logger } from "pino";
import type { ClaimAnswer } from "../../api/vpn.js";
import type { Host } from "../../host/host.js";
import { paths } from "../../render/paths.js";
import type { Prefix } from "../../topology/address.js";
import type { Vpn, VpnServer } from "../../topology/cluster.js";
import { prefixOf } from "../../topology/cluster-addresses.js";
import { familiesOf, isTap } from "../../topology/vpn-select.js";
import { type ClaimMessage, Claims, type Standing } from "../../vpn/claims.js";
import { type ClientEvent, Clients } from "../../vpn/clients.js";
import { Conditions } from "../../vpn/conditions.js";
import { hookEvent } from "../../vpn/hook-event.js";
import { hostRoutes } from "../../vpn/host-routes.js";
import { sessionsIn } from "../../vpn/status3.js";
import type { Happening } from "../events/log.js";
import { BirdWatch } from "./bird-watch.js";
import { type ClaimHearer, ClaimSpread } from "./claim-spread.js";
import { conditionsOf } from "./conditions-of.js";
import { nextEpoch } from "./epoch.js";
import { HookSocket } from "./hook-socket.js";
import { Learned } from "./learned.js";
import { ManagementLink } from "./management-link.js";
import { holdsDevice, managementPassword } from "./openvpn-process.js";
import { type HeldClient, reportOf } from "./report-of.js";
import { RouteKeeper } from "./route-keeper.js";
import type { VpnReport } from "./vpn-report.js";

export interface VpnWatchParts {
  readonly vpn: Vpn;
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

/** Who is here, and what servers told each other: as true as it was where a topology takes the place of another. */
export interface VpnMemory {
  readonly clients: Clients;
  /** Null before the first start. */
  claims: Claims | null;
}

/** Milliseconds between two looks at everything: what events told is only believed until the next. */
const every = 2_000;
/** Looks of which one asks BIRD, too, while all its sessions stand. */
const birdEvery = 5;
/** Milliseconds that a snapshot may take: of 50,000 clients it takes 0.2 s. */
const longestCount = 20_000;

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
  readonly #learned: Learned;
  readonly #conditions = new Conditions();
  readonly #pool: readonly Prefix[];
  readonly #ranges: readonly Prefix[];
  /** Own clients' routes, since when. */
  #held = new Map<string, HeldClient>();
  /** A snapshot was read, or there is nobody to count. */
  #counted = false;
  #counting: number | null = null;
  #hookTrouble: string | null = null;
  #linkTrouble: string | null = null;
  #running = true;
  #looks = 0;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(private readonly parts: VpnWatchParts) {
    const { vpn, server, host } = parts;
    this.memory = parts.memory ?? { clients: new Clients(), claims: null };
    this.#clients = this.memory.clients;
    const families = familiesOf(vpn);
    this.#pool = vpn.pool.map(prefixOf);
    this.#ranges = vpn.servers.flatMap(({ clients }) => clients.map(prefixOf));
    this.#routes = new RouteKeeper(host, families);
    this.#learned = new Learned(host, families);
    this.#bird = new BirdWatch(host);
    this.#spread = new ClaimSpread(parts.peers, () => this.#known.all());
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
        void this.#count();
      },
      client: (event) => this.#hear(event),
      lost: (why, refused) => void this.#lost(why, refused),
    });
  }

  /** Begins with what stands: the kernel's routes stay until it is known who is connected. */
  async start(): Promise<void> {
    this.memory.claims ??= new Claims(this.parts.server.name, await nextEpoch(this.parts.host));
    if (this.#stopped) return;
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
      const claimed = each.claimed.filter(({ destination }) => this.#isShared(destination));
      this.#act(claims.hear({ ...each, claimed, server: teller, epoch }));
    }
    return { whole: !claims.knows(teller, epoch, number) };
  }

  get report(): VpnReport {
    return reportOf(this.parts.vpn, this.parts.server, {
      attached: this.#link.isReady,
      counted: this.#counted,
      troubles: this.#conditions.told,
      present: [...this.#clients.present.values()],
      held: [...this.#held.values()],
      learned: this.#learned.routes,
      peers: this.#bird.peers,
    });
  }

  get #known(): Claims {
    if (this.memory.claims === null) throw new Error("the watch of a VPN server has not begun");
    return this.memory.claims;
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
    const now = performance.now();
    if (this.#counting !== null) {
      if (now - this.#counting > longestCount) this.#link.drop("it does not answer");
      return;
    }
    this.#counting = now;
    const asked = this.#clients.ask();
    const reply = await this.#link.ask("status 3");
    // What hooks said before OpenVPN answered is heard before the answer is.
    await this.#hooks.settled;
    this.#counting = null;
    if (reply === null || this.#stopped) return;
    const tap = isTap(this.parts.server);
    const sessions = "lines" in reply ? sessionsIn(reply.lines, { tap }) : { refused: reply.error };
    if ("refused" in sessions) {
      this.#linkTrouble = `its table of clients cannot be read: ${sessions.refused}`;
      return;
    }
    this.#linkTrouble = null;
    this.#running = true;
    this.#counted = true;
    this.#clients.snapshot(asked, sessions.value);
    this.#settle();
  }

  /** What follows from who is here. */
  #settle(): void {
    const shared = [...this.#clients.present].filter(([destination]) => this.#isShared(destination));
    this.#act(this.#known.here(new Map(shared)));
  }

  #act({ held, kill, news }: Standing): void {
    const now = this.parts.host.now();
    const before = this.#held;
    this.#held = new Map(
      held.map((presence) => {
        const { destination } = presence;
        return [destination, { presence, since: before.get(destination)?.since ?? now }];
      }),
    );
    const routes = held.map(({ destination }) => ({ destination, device: this.parts.server.device }));
    this.#routes.want(routes, this.#counted);
    if (news !== null) this.#spread.news(news);
    for (const cid of kill) void this.#kill(cid);
  }

  async #kill(cid: number): Promise<void> {
    const name = [...this.#clients.present.values()].find((presence) => presence.cid === cid)?.name ?? "";
    const text = `client ${name} is on another server now: its session here is ended`;
    this.parts.tell({ kind: "vpn", text, details: { client: name, cid } });
    const reply = await this.#link.ask(`client-kill ${cid}`);
    if (reply !== null && "error" in reply)
      this.parts.log.info({ cid, why: reply.error }, "a session had ended before it was to be ended");
  }

  /** Whether it may be on one server or another: of the pool, and of no server's range. */
  #isShared(destination: string): boolean {
    return hostRoutes([destination], this.parts.server.device, this.#pool, this.#ranges).length > 0;
  }

  /** The connection ended, which OpenVPN may have outlived: it is gone with its device. */
  async #lost(why: string, refused: boolean): Promise<void> {
    this.#counting = null;
    if (this.#stopped) return;
    const isThere = await holdsDevice(this.parts.host, this.parts.server).catch(() => true);
    if (this.#stopped || this.#link.isReady) return;
    this.#linkTrouble = refused ? `nobody listens at its management interface: ${why}` : why;
    this.#running = isThere;
    if (isThere) return;
    this.#counted = true;
    this.#clients.daemonEnded();
    this.#routes.forget();
    this.#settle();
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
    this.#listen();
    if (this.#link.isReady) void this.#count();
    this.#spread.round();
    const looks = this.#looks++;
    await Promise.all([
      this.#routes.look(),
      this.#learned.look().catch(() => undefined),
      looks % birdEvery === 0 || !this.#bird.isWell ? this.#bird.look() : null,
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
      present: [...this.#clients.present.values()],
      told: this.#known.told,
    });
    for (const { about, text, over } of this.#conditions.read(performance.now(), conditions))
      this.parts.tell({ kind: "vpn", text, details: { about, over } });
  }
}
