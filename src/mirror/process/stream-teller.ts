import type { StreamNews, ToldStream } from "../stream-book.js";
import type { SwitchMirror } from "../switch/switch-mirror.js";

/** Finds what became of the streams since it was last asked. Only those of switches that are somebody are told of. */
export class StreamTeller {
  readonly #told = new Map<string, { position: number; waiting: number; revision: number }>();

  #begun = false;

  /** Null where all is as it was. The first are whole, and told even of nothing: whoever listens may know of others. */
  news(
    switches: ReadonlyMap<string, { readonly mirror: SwitchMirror }>,
  ): (Omit<StreamNews, "service"> & { readonly whole: boolean }) | null {
    const whole = !this.#begun;
    this.#begun = true;
    const gone = [...this.#told.keys()].filter((key) => !switches.has(key));
    for (const key of gone) this.#told.delete(key);
    const told = [...switches].flatMap(([key, { mirror }]) => this.#look(key, mirror));
    return told.length + gone.length === 0 && !whole ? null : { told, gone: gone.map(written), whole };
  }

  /** Whoever listens next knows nothing. */
  forget(): void {
    this.#told.clear();
    this.#begun = false;
  }

  #look(key: string, { stream, queued }: SwitchMirror): ToldStream[] {
    const { position, memory } = stream;
    const before = this.#told.get(key);
    const { revision } = memory;
    if (position === null || memory.identity === null) return [];
    const waiting = queued.messages;
    if (before?.position === position && before.waiting === waiting && before.revision === revision)
      return [];
    this.#told.set(key, { position, waiting, revision });
    const changed = before?.revision === revision ? null : memory.write();
    return [{ key: written(key), position, waiting, ...(changed === null ? {} : { memory: changed }) }];
  }
}

const written = (key: string): string => Buffer.from(key, "latin1").toString("base64");
