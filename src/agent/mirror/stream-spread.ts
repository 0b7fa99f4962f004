import { randomUUID } from "node:crypto";
import type { StreamSeries } from "../../api/mirror.js";
import { parcels, sizeOfNews } from "../../mirror/parcels.js";
import { type KnownNews, StreamBook, type StreamNews } from "../../mirror/stream-book.js";

/** A node that may have to go on with the streams. */
export interface StreamHearer {
  readonly node: string;
  tellStreams(series: StreamSeries): Promise<{ readonly whole: boolean }>;
}

interface Hearing {
  /** It lacks something, and hears all. */
  whole: boolean;
  pending: StreamNews[];
  /** Bytes of JSON of what is pending. */
  bytes: number;
  number: number;
  busy: boolean;
}

/** Bytes of news that may wait for a slow peer when more come: it hears all instead, where each stream stands once. */
const most = 4 * 2 ** 20;
/** Milliseconds until a peer that did not take the news is told again. */
const again = 1_000;

/** Tells every peer what the mirrored switches told, and how far the copy is: whoever takes over goes on from there. */
export class StreamSpread {
  readonly #book = new StreamBook();
  readonly #hearings = new Map<string, Hearing>();
  #run: string | null = null;

  constructor(private readonly peers: () => readonly StreamHearer[]) {}

  /** The streams that there are, as they were last told. */
  get known(): KnownNews[] {
    return this.#book.all();
  }

  /** What was known before this node's own process tells anything. */
  inherit(news: StreamNews): void {
    this.#book.apply(news);
  }

  /** This node mirrors from now on: a new series. */
  begin(): void {
    this.#run ??= randomUUID();
    this.#round();
  }

  /** It does so no longer; what the peers know stays as it is. */
  end(): void {
    this.#run = null;
    this.#book.clear();
    this.#hearings.clear();
  }

  /** A peer came or went. */
  notice({ name, alive }: { readonly name: string; readonly alive: boolean }): void {
    this.#hearings.delete(name);
    if (alive) this.#round();
  }

  /** @param whole they name all streams of the service: others that are known have ended, unnoticed */
  news(own: StreamNews, whole: boolean): void {
    const news = whole ? { ...own, gone: [...own.gone, ...this.#book.unnamed(own)] } : own;
    this.#book.apply(news);
    const size = sizeOfNews(news);
    for (const hearing of this.#hearings.values()) {
      if (hearing.bytes > most) Object.assign(hearing, hearsAll());
      if (hearing.whole) continue;
      hearing.pending.push(news);
      hearing.bytes += size;
    }
    this.#round();
  }

  #round(): void {
    if (this.#run === null) return;
    for (const peer of this.peers()) void this.#tell(peer, this.#run);
  }

  async #tell(peer: StreamHearer, run: string): Promise<void> {
    const hearing = this.#hearings.get(peer.node) ?? { ...hearsAll(), number: 0, busy: false };
    this.#hearings.set(peer.node, hearing);
    if (hearing.busy) return;
    hearing.busy = true;
    try {
      while (hearing.whole || hearing.pending.length > 0) if (!(await this.#send(peer, hearing, run))) break;
    } catch {
      Object.assign(hearing, hearsAll());
      setTimeout(() => this.#round(), again).unref();
    } finally {
      hearing.busy = false;
    }
  }

  /** False where it wants to hear all, later, or is told anew meanwhile. */
  async #send(peer: StreamHearer, hearing: Hearing, run: string): Promise<boolean> {
    const begin = hearing.whole;
    const requests = parcels(begin ? this.#book.all() : hearing.pending);
    Object.assign(hearing, { whole: false, pending: [], bytes: 0 });
    for (const [index, news] of requests.entries()) {
      if (this.#hearings.get(peer.node) !== hearing) return false;
      const series = { run, number: hearing.number, begin: begin && index === 0, news: news.map(written) };
      hearing.number += 1;
      const { whole } = await peer.tellStreams(series);
      if (!whole) continue;
      Object.assign(hearing, hearsAll());
      setTimeout(() => this.#round(), again).unref();
      return false;
    }
    return true;
  }
}

const hearsAll = () => ({ whole: true, pending: [], bytes: 0 });

const written = ({ service, told, gone }: StreamNews): StreamSeries["news"][number] => ({
  service,
  told: told.map((stream) => ({ ...stream })),
  gone: [...gone],
});
