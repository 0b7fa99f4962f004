import type { StreamNews, ToldStream } from "../stream-book.js";
import type { SwitchEntry } from "../switch/service-mirror.js";

interface Told {
  readonly position: number;
  readonly waiting: number;
  readonly silent: boolean;
  readonly revision: number;
}

const isSame = (one: Told, other: Told): boolean =>
  one.position === other.position &&
  one.waiting === other.waiting &&
  one.silent === other.silent &&
  one.revision === other.revision;

type Entry = Pick<SwitchEntry, "mirror" | "silent">;

/** Finds what became of the streams since it was last asked. Only those of switches that are somebody are told of. */
export class StreamTeller {
  readonly #told = new Map<string, Told>();
  #begun = false;

  /** Null where all is as it was. The first are whole, and told even of nothing: whoever listens may know of others. */
  news(
    switches: ReadonlyMap<string, Entry>,
  ): (Omit<StreamNews, "service"> & { readonly whole: boolean }) | null {
    const whole = !this.#begun;
    this.#begun = true;
    const gone = [...this.#told.keys()].filter((key) => !switches.has(key));
    for (const key of gone) this.#told.delete(key);
    const told = [...switches].flatMap(([key, entry]) => this.#look(key, entry));
    return told.length + gone.length === 0 && !whole ? null : { told, gone: gone.map(written), whole };
  }

  /** Whoever listens next knows nothing. */
  forget(): void {
    this.#told.clear();
    this.#begun = false;
  }

  #look(key: string, { mirror: { stream, queued }, silent }: Entry): ToldStream[] {
    const { position, memory } = stream;
    const before = this.#told.get(key);
    if (position === null || memory.identity === null) return [];
    const now = { position, waiting: queued.messages, silent, revision: memory.revision };
    if (before !== undefined && isSame(before, now)) return [];
    this.#told.set(key, now);
    const changed = before?.revision === now.revision ? null : memory.write();
    return [
      {
        ...{ key: written(key), position, waiting: now.waiting },
        ...(silent ? { silent } : {}),
        ...(changed === null ? {} : { memory: changed }),
      },
    ];
  }
}

const written = (key: string): string => Buffer.from(key, "latin1").toString("base64");
