import type { StreamSeries } from "../../api/mirror.js";
import { type KnownNews, type KnownStream, StreamBook } from "../../mirror/stream-book.js";

/** Milliseconds for which a node that started again may have back what it told. */
const lately = 30_000;
const piece = 200;

/** What a peer said is otherwise now. */
export interface Heard {
  readonly service: string;
  readonly streams: readonly KnownStream[];
  readonly gone: readonly string[];
}

/** What the peers that mirror tell of their streams. */
export class HeardStreams {
  readonly #tellers = new Map<string, { run: string; next: number; at: number; readonly book: StreamBook }>();

  constructor(private readonly now: () => number) {}

  /** Null where something is missing before it: the teller is to say all. */
  hear(teller: string, { run, number, begin, news }: StreamSeries): Heard[] | null {
    const before = this.#tellers.get(teller);
    if (!begin && (before?.run !== run || before.next !== number)) return null;
    const book = begin || before === undefined ? new StreamBook() : before.book;
    this.#tellers.set(teller, { run, next: number + 1, at: this.now(), book });
    return news.map((each) => ({ service: each.service, streams: book.apply(each), gone: each.gone }));
  }

  /** All that is known, whoever told. */
  all(): Heard[] {
    return [...this.#tellers.values()].flatMap(({ book }) =>
      book.all(piece).map(({ service, told }) => ({ service, streams: told, gone: [] })),
    );
  }

  /** What this teller told, if it spoke lately. */
  kept(teller: string): KnownNews[] {
    const known = this.#tellers.get(teller);
    return known === undefined || this.now() - known.at > lately ? [] : known.book.all(piece);
  }
}
