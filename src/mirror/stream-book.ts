import type { WrittenMemory } from "./session/switch-memory.js";

/** One stream as whoever sees it tells of it. */
export interface ToldStream {
  /** The connection's key, in base64. */
  readonly key: string;
  /** The number of the first byte that no message which was copied has. */
  readonly position: number;
  /** Messages that wait for the master controller: where this process ends, they are lost. */
  readonly waiting: number;
  /** What the switch told; left out where that is as it was. */
  readonly memory?: WrittenMemory | undefined;
}

/** What became of the streams of one service since it was last told. */
export interface StreamNews {
  readonly service: string;
  readonly told: readonly ToldStream[];
  /** Keys of connections that ended. */
  readonly gone: readonly string[];
}

export interface KnownStream extends ToldStream {
  readonly memory: WrittenMemory;
}

/** News from which all that is known of the streams can be learned. */
export interface KnownNews extends StreamNews {
  readonly told: readonly KnownStream[];
}

/** Streams of a service: a node mirrors no more. */
const most = 4_096;

/** The streams that somebody sees, by service and connection, as they were last told. */
export class StreamBook {
  readonly #services = new Map<string, Map<string, KnownStream>>();

  /** The streams that are known otherwise now; one whose memory was never told is left out. */
  apply({ service, told, gone }: StreamNews): KnownStream[] {
    const streams = this.#services.get(service) ?? new Map<string, KnownStream>();
    this.#services.set(service, streams);
    for (const key of gone) streams.delete(key);
    return told.flatMap((stream) => {
      const memory = stream.memory ?? streams.get(stream.key)?.memory;
      if (memory === undefined || (streams.size >= most && !streams.has(stream.key))) return [];
      const known = { ...stream, memory };
      streams.set(stream.key, known);
      return [known];
    });
  }

  /** All of it, in pieces of at most so many streams. */
  all(piece: number): KnownNews[] {
    return [...this.#services].flatMap(([service, streams]) => {
      const told = [...streams.values()];
      return Array.from({ length: Math.ceil(told.length / piece) }, (_, index) => ({
        service,
        told: told.slice(index * piece, (index + 1) * piece),
        gone: [],
      }));
    });
  }

  clear(): void {
    this.#services.clear();
  }
}
