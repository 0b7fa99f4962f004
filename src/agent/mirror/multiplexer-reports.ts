import { connect, type Socket } from "node:net";
import { type MirrorReport, withoutWord } from "../../mirror/report.js";
import type { Happening } from "../events/log.js";
import { Lines } from "./lines.js";
import { MirrorNews } from "./mirror-news.js";
import { reportsIn } from "./multiplexer-line.js";

export interface ReportsParts {
  /** The multiplexer's socket. */
  readonly path: string;
  readonly tell: (happening: Happening) => void;
  /** Milliseconds of a clock that is never set. */
  readonly now: () => number;
  /** Milliseconds between two looks at what was told, and two tries to connect; a second where nothing is said. */
  readonly pause?: number;
}

/** Milliseconds without a line, of which one comes each second. */
const patience = 5_000;

/** Bytes of a line: some 600 for each switch. */
const longest = 33_554_432;

const away = "the multiplexer does not answer";
const unserved = "the multiplexer does not serve it";

/** What the multiplexer of this node says of the services whose sessions pass through it, once a second. */
export class MultiplexerReports {
  #services: readonly string[] = [];
  #active: readonly string[] = [];
  #told: readonly MirrorReport[] | null = null;
  /** When it last said something, or was first asked. */
  #heard = 0;
  #socket: Socket | null = null;
  #timer: NodeJS.Timeout | null = null;
  readonly #news: MirrorNews;

  constructor(private readonly parts: ReportsParts) {
    this.#news = new MirrorNews(parts.now);
  }

  /** Of each service, on any node; empty until something was told, or should have been. */
  get reports(): readonly MirrorReport[] {
    return this.#services.flatMap((service) => this.#of(service) ?? []);
  }

  /**
   * @param services that the topology has in the path of its sessions
   * @param active services whose virtual IPs are here: of those alone something is told in events
   */
  follow(services: readonly string[], active: readonly string[]): void {
    const here = services.filter((service) => active.includes(service));
    for (const service of here) if (!this.#active.includes(service)) this.#news.began(service);
    for (const service of this.#active) if (!here.includes(service)) this.#news.ended(service);
    this.#active = here;
    if (JSON.stringify(services) === JSON.stringify(this.#services)) return;
    this.stop();
    this.#services = services;
    if (services.length === 0) return;
    this.#heard = this.parts.now();
    this.#timer = setInterval(() => this.#look(), this.parts.pause ?? 1_000);
    // Whoever connects is told at once.
    this.#connect();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#services = [];
    this.#told = null;
    this.#leave();
  }

  get #isAway(): boolean {
    return this.parts.now() - this.#heard >= patience;
  }

  #of(service: string): MirrorReport | null {
    if (this.#isAway)
      return withoutWord(
        service,
        `${away}: sessions go past it, and the master controller has no part in them`,
      );
    if (this.#told === null) return null;
    return this.#told.find((each) => each.service === service) ?? withoutWord(service, unserved);
  }

  #look(): void {
    if (this.#isAway) this.#leave();
    if (this.#socket === null) this.#connect();
    for (const service of this.#active) {
      const report = this.#of(service);
      if (report === null) continue;
      // An agent that stood still finds it silent, and hears it as soon as it asks again: the news are in no hurry.
      const happenings = this.#news.read(this.#asNews(report));
      for (const happening of happenings) this.parts.tell(happening);
    }
  }

  /** What is wrong with one server's socket keeps no copy from the others. */
  #asNews(report: MirrorReport): MirrorReport {
    const served = this.#told?.some(({ service }) => service === report.service);
    return { ...report, trouble: this.#isAway ? away : served ? null : unserved };
  }

  #connect(): void {
    const lines = new Lines(longest);
    const socket = connect(this.parts.path);
    this.#socket = socket;
    socket.on("data", (piece) => {
      if (this.#socket !== socket) return;
      try {
        const last = lines.take(piece).at(-1);
        if (last === undefined) return;
        this.#told = reportsIn(last);
        this.#heard = this.parts.now();
      } catch {
        socket.destroy();
      }
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (this.#socket === socket) this.#socket = null;
    });
  }

  #leave(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }
}
