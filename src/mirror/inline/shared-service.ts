import type { Socket } from "node:net";
import type { Outcome } from "../multiplexer/audit-record.js";
import type { Controller } from "../multiplexer/xid-table.js";
import { type ExchangeCounts, type SwitchReport, switchReport, type Totals, totalsOf } from "../report.js";
import { Counters } from "../switch/counters.js";
import { PastCounts } from "../switch/past-counts.js";
import { QueueBudget } from "../switch/queue.js";
import { type ProxyHeader, proxyHeaderIn } from "./proxy-header.js";
import { type PoolServer, type Reached, reach } from "./reach.js";
import { type SharedPlace, SharedSession } from "./shared-session.js";

/** Switches of which it stays known what was counted on connections that ended. */
const most = 4_096;

/** Bytes that may wait for a master controller in all. */
const mostWaiting = 268_435_456;

/**
 * Milliseconds from one time that the copy is handed over to the next: each write costs more than what is written, at both
 * ends. What a switch says after a silence does not wait for more.
 */
const pause = 10;

/** Milliseconds that the words may take which open a connection. */
const patience = 2_000;

export interface SharedServiceEvents {
  said(session: SharedSession, from: Controller, message: Buffer): Outcome;
}

/** All sessions of one service that pass through this process. */
export class SharedService {
  readonly #sessions = new Set<SharedSession>();
  #servers: readonly PoolServer[] = [];
  readonly #reached = new WeakMap<SharedSession, PoolServer>();
  readonly #waiting = new Set<SharedSession>();
  readonly #past = new PastCounts(most);
  /** Of sessions that ended. */
  #pastExchange: ExchangeCounts = { unmatched: 0, shed: 0, expired: 0 };
  readonly #budget = new QueueBudget(mostWaiting);
  #flush: NodeJS.Timeout | null = null;
  #flushed = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly place: SharedPlace,
    private readonly clock: () => number,
    private readonly events: SharedServiceEvents,
  ) {}

  get sessions(): ReadonlySet<SharedSession> {
    return this.#sessions;
  }

  /** Of the whole pool. Sessions of a controller that left it end. */
  serve(servers: readonly PoolServer[]): void {
    this.#servers = servers;
    for (const session of [...this.#sessions]) {
      const server = this.#reached.get(session);
      if (server !== undefined && !servers.some((each) => isSame(each, server))) session.end();
    }
  }

  /** HAProxy connected, for a switch that it sends to this server, or for a health check of it. */
  accept(socket: Socket, server: PoolServer): void {
    socket.setNoDelay(true);
    let head: Buffer = Buffer.alloc(0);
    const timer = setTimeout(() => socket.destroy(), patience);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => clearTimeout(timer));
    const read = (chunk: Buffer): void => {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const header = headerOf(head);
      if (header === null) return;
      socket.off("data", read);
      clearTimeout(timer);
      socket.pause();
      if (header === "none") socket.destroy();
      else void this.#reach(socket, server, header, head.subarray(header.length));
    };
    socket.on("data", read);
  }

  /** Of all switches' sessions since it began. */
  get totals(): Totals {
    const sum = new Counters();
    sum.add(this.#past.total);
    for (const { client, counters } of this.#sessions) if (client !== null) sum.add(counters);
    return totalsOf(sum);
  }

  /** Of all sessions since it began. */
  get exchange(): ExchangeCounts {
    return [...this.#sessions].reduce((sum, { counts }) => added(sum, counts), this.#pastExchange);
  }

  /** Of each switch's session, whether the master controller has a part in it or not. */
  get report(): SwitchReport[] {
    return [...this.#sessions].flatMap(({ client, link, standing, memory, counters }) => {
      if (client === null || standing === null) return [];
      const { state, why, queued } = standing;
      const past = memory.identity === null || link === null ? undefined : this.#past.of(memory.identity);
      const own = { memory, counters, state, why, queued, inherited: false, met: false };
      return switchReport(`${client.address} ${client.port}`, own, past);
    });
  }

  tick(): void {
    this.#endOlderTwins();
    for (const session of this.#sessions) session.tick();
  }

  end(): void {
    if (this.#flush) clearTimeout(this.#flush);
    for (const session of [...this.#sessions]) session.end();
  }

  /** A switch has one of the other controllers where its own has just gone: HAProxy, which would send it there, has its connection already. A check asks for one. */
  async #reach(socket: Socket, own: PoolServer, { client }: ProxyHeader, first: Buffer): Promise<void> {
    const others = client === null ? [] : this.#servers.filter((server) => !isSame(server, own));
    const reached = await reach([own, ...others], () => !socket.destroyed);
    if (reached === null) socket.destroy();
    else if (socket.destroyed) reached.socket.destroy();
    else this.#begin(socket, reached, client, first);
  }

  #begin(
    toSwitch: Socket,
    { socket: toPool, server }: Reached,
    client: ProxyHeader["client"],
    first: Buffer,
  ): void {
    const session: SharedSession = new SharedSession(
      ...([client, toSwitch, toPool, this.place] as const),
      {
        said: (from, message) => this.events.said(session, from, message),
        waiting: () => this.#wait(session),
        ended: () => {
          this.#sessions.delete(session);
          // What a health check says is no switch's.
          if (client !== null) this.#past.add(session.memory, session.counters);
          this.#pastExchange = added(this.#pastExchange, session.counts);
          this.#waiting.delete(session);
        },
      },
      this.clock,
      this.#budget,
    );
    this.#sessions.add(session);
    this.#reached.set(session, server);
    if (first.length > 0) toSwitch.unshift(first);
    toSwitch.resume();
  }

  #wait(session: SharedSession): void {
    this.#waiting.add(session);
    this.#flush ??= setTimeout(
      () => {
        [this.#flush, this.#flushed] = [null, this.clock()];
        for (const each of this.#waiting) each.link?.flush();
        this.#waiting.clear();
      },
      Math.max(0, this.#flushed + pause - this.clock()),
    );
  }

  /** A switch that came back is the same datapath: the master controller hears first that its older connection ended. */
  #endOlderTwins(): void {
    const newest = new Map<string, SharedSession>();
    for (const session of this.#sessions) {
      const { identity } = session.memory;
      if (identity === null || session.link === null) continue;
      const name = `${identity.datapath} ${identity.auxiliary}`;
      newest.get(name)?.displace();
      newest.set(name, session);
    }
  }
}

const isSame = (one: PoolServer, other: PoolServer): boolean =>
  one.address === other.address && one.port === other.port;

const added = (one: ExchangeCounts, other: ExchangeCounts): ExchangeCounts => ({
  unmatched: one.unmatched + other.unmatched,
  shed: one.shed + other.shed,
  expired: one.expired + other.expired,
});

function headerOf(bytes: Buffer): ProxyHeader | "none" | null {
  try {
    return proxyHeaderIn(bytes);
  } catch (error) {
    if (error instanceof RangeError) return "none";
    throw error;
  }
}
