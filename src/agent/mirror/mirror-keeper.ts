import type { Logger } from "pino";
import type { StreamSeries } from "../../api/mirror.js";
import type { CopyLink } from "../../mirror/copy-link.js";
import type { MirrorTask } from "../../mirror/mirrors-of.js";
import { parcels } from "../../mirror/parcels.js";
import type { Order, Word } from "../../mirror/process/words.js";
import type { MirrorReport } from "../../mirror/report.js";
import { type KnownNews, StreamBook } from "../../mirror/stream-book.js";
import type { Happening } from "../events/log.js";
import { HeardStreams } from "./heard-streams.js";
import { MirrorNews } from "./mirror-news.js";
import { MirrorProcess, type MirrorProcessListener } from "./mirror-process.js";
import type { StreamFile } from "./stream-file.js";
import { StreamKeep } from "./stream-keep.js";
import { type StreamHearer, StreamSpread } from "./stream-spread.js";

/** The process that does the work. */
interface Worker {
  readonly pid?: number | undefined;
  start(): void;
  send(order: Order): void;
  stop(): void;
}

export interface KeeperParts {
  readonly peers: () => readonly StreamHearer[];
  readonly file: StreamFile;
  readonly tell: (happening: Happening) => void;
  readonly log: Logger;
  readonly now: () => number;
  readonly worker?: (listener: MirrorProcessListener) => Worker;
}

/** Milliseconds for which an agent that starts may find that it is the active node's. */
const fresh = 10_000;

/** Has the services' mirrors run where the virtual IPs are, and the other nodes know enough to go on with them. */
export class MirrorKeeper {
  #tasks: readonly MirrorTask[] = [];
  #link: CopyLink | null = null;
  #active: readonly string[] = [];
  #worker: Worker | null = null;
  #mirrors: readonly MirrorReport[] = [];
  /** It has not shown yet whether this agent goes on where the one before it ended. */
  #fresh = true;
  readonly #since: number;
  readonly #keep: StreamKeep;
  readonly #spread: StreamSpread;
  readonly #heard: HeardStreams;
  readonly #news: MirrorNews;

  constructor(private readonly parts: KeeperParts) {
    this.#spread = new StreamSpread(parts.peers);
    this.#heard = new HeardStreams();
    this.#news = new MirrorNews(parts.now);
    this.#keep = new StreamKeep(parts.file, () => this.#spread.known, parts.now, parts.log);
    this.#since = parts.now();
  }

  /** The process that mirrors; null while none does. */
  get pid(): number | null {
    return this.#worker?.pid ?? null;
  }

  /** What each mirror last said of itself; empty where this node is not the one that mirrors. */
  get reports(): readonly MirrorReport[] {
    return this.#mirrors.filter(({ service }) => this.#active.includes(service));
  }

  /**
   * @param tasks what the topology asks for
   * @param active services whose virtual IPs are here
   * @param link on which the nodes tell each other how far their copies are
   */
  follow(tasks: readonly MirrorTask[], active: readonly string[], link: CopyLink | null = null): void {
    const before = this.#tasks;
    this.#tasks = tasks;
    this.#link = link;
    if (tasks.length > 0) this.#start();
    this.#worker?.send({ kind: "tasks", tasks, link });
    // A mirror whose task is otherwise begins anew, and knows nothing.
    for (const news of this.#known) if (isOtherwise(news.service, before, tasks)) this.#inherit(news);
    this.#activate(tasks.map(({ service }) => service).filter((service) => active.includes(service)));
    if (tasks.length > 0) return;
    this.#worker?.stop();
    this.#worker = null;
    // An agent that has only just started does not know its tasks yet.
    if (before.length > 0) this.#keep.drop();
  }

  /** A peer came or went. */
  notice(peer: { readonly name: string; readonly alive: boolean }): void {
    this.#spread.notice(peer);
  }

  /** What a peer that mirrors says. */
  hear(teller: string, series: StreamSeries): { readonly whole: boolean } {
    // Whoever mirrors here knows better.
    if (this.#active.length > 0) return { whole: true };
    const heard = this.#heard.hear(teller, series);
    if (heard === null) return { whole: true };
    if (series.begin) this.#disinherit();
    this.#isNoHeir();
    for (const { service, streams, gone } of heard) {
      if (!this.#outlives(service)) continue;
      if (gone.length > 0) this.#worker?.send({ kind: "disinherit", service, keys: gone });
      this.#inherit({ service, told: streams, gone: [] });
    }
    return { whole: false };
  }

  stop(): void {
    this.#worker?.stop();
    this.#worker = null;
    this.#keep.stop();
    this.#spread.end();
  }

  #start(): void {
    if (this.#worker !== null) return;
    const listener = {
      word: (word: Word) => this.#listen(word),
      started: () => this.#brief(),
      silent: () => this.#lost("the process that mirrors says nothing", true),
      ended: (why: string) => this.#lost(`the process that mirrors ended by ${why}`),
    };
    this.#worker = this.parts.worker?.(listener) ?? new MirrorProcess(listener, this.parts.log);
    this.#worker.start();
  }

  /** All that a process which has just started has to know. */
  #brief(): void {
    this.#worker?.send({ kind: "tasks", tasks: this.#tasks, link: this.#link });
    for (const news of this.#known) this.#inherit(news);
    this.#worker?.send({ kind: "active", services: this.#active });
  }

  #activate(active: readonly string[]): void {
    const before = this.#active;
    if (JSON.stringify(active) === JSON.stringify(before)) return;
    this.#active = active;
    for (const service of active) if (!before.includes(service)) this.#news.began(service);
    for (const service of before) if (!active.includes(service)) this.#news.ended(service);
    this.#worker?.send({ kind: "active", services: active });
    if (active.length === 0) {
      this.#spread.end();
      this.#keep.drop();
      return;
    }
    // What the process that goes on with them says first replaces it. Until then the streams are as known as they were: should
    // that process end, or this node, they are not lost, and none is handed on that nobody has heard for longer.
    for (const news of this.#heirlooms) this.#spread.inherit(news);
    this.#heard.forget();
    // Whoever takes over later has heard of the streams from the node that had them.
    const isHeir = this.#fresh && this.#isEarly;
    this.#fresh = false;
    if (isHeir) void this.#recall();
    else this.#begin();
  }

  /** This agent started again, and is the one that mirrors: it goes on with what the one before it knew. */
  async #recall(): Promise<void> {
    const known = await this.#keep.recall();
    if (this.#active.length === 0) return;
    for (const news of known) {
      this.#spread.inherit(news);
      this.#inherit({ ...news, told: new StreamBook().apply(news) });
    }
    this.#begin();
  }

  #begin(): void {
    this.#spread.begin();
    this.#keep.changed();
  }

  get #isEarly(): boolean {
    return this.parts.now() - this.#since < fresh;
  }

  /** Another node mirrors, or none: what the agent before this one knew is of the past. */
  #isNoHeir(): void {
    if (!this.#fresh) return;
    this.#fresh = false;
    this.#keep.drop();
  }

  #listen(word: Word, isCertain = false): void {
    if (word.kind === "streams") {
      if (!this.#active.includes(word.news.service)) return;
      this.#spread.news(word.news, word.whole);
      this.#keep.changed();
      return;
    }
    if (!this.#isEarly) this.#isNoHeir();
    this.#mirrors = word.mirrors;
    for (const report of this.reports)
      for (const event of this.#news.read(report, isCertain)) this.parts.tell(event);
  }

  /** What it said last is no longer so. @param isCertain it will not pass by itself */
  #lost(trouble: string, isCertain = false): void {
    const mirrors = this.#tasks.map(({ service }) => ({
      // What was counted is not less for it.
      ...(this.#mirrors.find((each) => each.service === service) ?? nothing),
      ...{ service, trouble, switches: [] },
    }));
    this.#listen({ kind: "report", mirrors }, isCertain);
  }

  /** What the peer that mirrored last told of streams that may go on here. */
  get #heirlooms(): KnownNews[] {
    return this.#heard.all().filter(({ service }) => this.#outlives(service));
  }

  /** Sessions of a proxy service end with the node that carried them: their switches come anew. */
  #outlives(service: string): boolean {
    return this.#tasks.some((task) => task.service === service && task.outlives);
  }

  /** What is known of streams that go on, or may go on, here. One of the two is empty: a node that mirrors hears nobody. */
  get #known(): KnownNews[] {
    return [...this.#heirlooms, ...this.#spread.known];
  }

  #inherit(news: KnownNews): void {
    for (const { service, told } of parcels([news]).flat())
      this.#worker?.send({ kind: "inherit", service, streams: told });
  }

  #disinherit(): void {
    for (const { service } of this.#tasks) this.#worker?.send({ kind: "disinherit", service, keys: null });
  }
}

/** What a process that is not there tells. */
const nothing = { refused: 0, switches: [], totals: { messages: 0, dropped: 0, resyncs: 0, lostBytes: 0 } };

function isOtherwise(service: string, before: readonly MirrorTask[], now: readonly MirrorTask[]): boolean {
  const written = (tasks: readonly MirrorTask[]) =>
    JSON.stringify(tasks.find((task) => task.service === service));
  return written(before) !== written(now);
}
