import type { StreamSeries } from "../../api/mirror.js";
import { type KnownNews, type KnownStream, StreamBook } from "../../mirror/stream-book.js";

/** What a peer said is otherwise now. */
export interface Heard {
  readonly service: string;
  readonly streams: readonly KnownStream[];
  readonly gone: readonly string[];
}

/** What the peer that mirrors tells of its streams. Whoever begins a series mirrors from then on: what others told is of the past. */
export class HeardStreams {
  #latest: {
    readonly teller: string;
    readonly run: string;
    readonly book: StreamBook;
    next: number;
  } | null = null;

  /** Null where something is missing before it, or another peer has begun since: the teller is to say all. */
  hear(teller: string, { run, number, begin, news }: StreamSeries): Heard[] | null {
    if (begin) this.#latest = { teller, run, book: new StreamBook(), next: number };
    const latest = this.#latest;
    if (latest?.teller !== teller || latest.run !== run || latest.next !== number) return null;
    latest.next += 1;
    return news.map((each) => ({
      service: each.service,
      streams: latest.book.apply(each),
      gone: each.gone,
    }));
  }

  /** All that is known. */
  all(): KnownNews[] {
    return this.#latest?.book.all() ?? [];
  }

  /** This node mirrors from now on, and knows better. */
  forget(): void {
    this.#latest = null;
  }
}
