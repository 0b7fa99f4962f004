import { randomUUID } from "node:crypto";
import type { StreamSeries } from "../../api/mirror.js";
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
  number: number;
  busy: boolean;
}

/** Streams in one request: at most some megabytes. */
const piece = 200;
/** News that wait for a slow peer before it hears all instead. */
const most = 200;
/** Milliseconds until a peer that did not take the news is told again. */
const again = 1_000;

/** Tells every peer what the mirrored switches told, and how far the copy is: whoever takes over goes on from there. */
export class StreamSpread {
  readonly #book = new StreamBook();
  readonly #hearings = new Map<string, Hearing>();
  #run: string | null = null;

  constructor(private readonly peers: () => readonly StreamHearer[]) {}

  /** All that was told in this series. */
  get known(): KnownNews[] {
    return this.#book.all(piece);
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

  news(news: StreamNews): void {
    this.#book.apply(news);
    for (const hearing of this.#hearings.values()) {
      if (hearing.whole) continue;
      hearing.pending.push(news);
      if (hearing.pending.length > most) [hearing.whole, hearing.pending] = [true, []];
    }
    this.#round();
  }

  #round(): void {
    if (this.#run === null) return;
    for (const peer of this.peers()) void this.#tell(peer, this.#run);
  }

  async #tell(peer: StreamHearer, run: string): Promise<void> {
    const hearing = this.#hearings.get(peer.node) ?? { whole: true, pending: [], number: 0, busy: false };
    this.#hearings.set(peer.node, hearing);
    if (hearing.busy) return;
    hearing.busy = true;
    try {
      while (this.#run === run && (hearing.whole || hearing.pending.length > 0))
        if (!(await this.#send(peer, hearing, run))) break;
    } catch {
      hearing.whole = true;
      setTimeout(() => this.#round(), again).unref();
    } finally {
      hearing.busy = false;
    }
  }

  /** False where it wants to hear all, later. */
  async #send(peer: StreamHearer, hearing: Hearing, run: string): Promise<boolean> {
    const begin = hearing.whole;
    const pieces = begin ? this.#book.all(piece).map((news) => [news]) : [hearing.pending];
    [hearing.whole, hearing.pending] = [false, []];
    if (pieces.length === 0) pieces.push([]);
    for (const [index, news] of pieces.entries()) {
      const series = { run, number: hearing.number, begin: begin && index === 0, news: news.map(written) };
      hearing.number += 1;
      const { whole } = await peer.tellStreams(series);
      if (!whole) continue;
      hearing.whole = true;
      setTimeout(() => this.#round(), again).unref();
      return false;
    }
    return true;
  }
}

const written = ({ service, told, gone }: StreamNews): StreamSeries["news"][number] => ({
  service,
  told: told.map((stream) => ({ ...stream })),
  gone: [...gone],
});
