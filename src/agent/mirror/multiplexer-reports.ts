import { type MirrorReport, withoutWord } from "../../mirror/report.js";
import type { Happening } from "../events/log.js";
import { MirrorNews } from "./mirror-news.js";
import type { MultiplexerLine } from "./multiplexer-line.js";
import { MultiplexerLink } from "./multiplexer-link.js";
import type { MultiplexerWay } from "./multiplexer-way.js";

export interface ReportsParts {
  /** The multiplexer's socket. */
  readonly path: string;
  /** Of sessions through it. */
  readonly way: Pick<MultiplexerWay, "open" | "close">;
  readonly tell: (happening: Happening) => void;
  /** Milliseconds of a clock that is never set. */
  readonly now: () => number;
  /** Milliseconds between two looks at what was told; a second where nothing is said. */
  readonly pause?: number;
}

/** Milliseconds without a line, of which one comes each second. */
const patience = 5_000;

const away = "the multiplexer does not answer";
const unserved = "the multiplexer does not serve it";

/** What the multiplexer of this node says of the services whose sessions pass through it, once a second. */
export class MultiplexerReports {
  #services: readonly string[] = [];
  #active: readonly string[] = [];
  #told: readonly MirrorReport[] | null = null;
  /** When it last said something, or was first asked. */
  #heard = 0;
  #timer: NodeJS.Timeout | null = null;
  readonly #link: MultiplexerLink;
  readonly #news: MirrorNews;

  constructor(private readonly parts: ReportsParts) {
    this.#news = new MirrorNews(parts.now);
    this.#link = new MultiplexerLink(parts.path, {
      line: (line) => this.#hear(line),
      killed: (pid, wasStopped) => {
        parts.way.close(this.#services);
        parts.tell(standstill(pid, wasStopped, this.#services));
      },
      gone: () => parts.way.close(this.#services),
    });
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
    this.#link.start();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#services = [];
    this.#told = null;
    this.#link.stop();
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
    if (this.#isAway) this.#link.leave();
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

  #hear({ services }: MultiplexerLine): void {
    this.#told = services;
    this.#heard = this.parts.now();
    const isServed = (name: string) =>
      services.some(({ service, trouble }) => service === name && trouble === null);
    if (this.#services.every(isServed)) this.parts.way.open(this.#services);
  }
}

const standstill = (pid: number, wasStopped: boolean, services: readonly string[]): Happening => ({
  kind: "mirror",
  text: wasStopped
    ? "the multiplexer stood still, and was killed: its sessions begin anew"
    : "the multiplexer was too busy to say a word for 2 s, and was killed: its sessions begin anew",
  details: { pid, services, stopped: wasStopped },
});
