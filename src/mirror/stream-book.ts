import type { WrittenMemory } from "./session/switch-memory.js";

/** One stream as whoever sees it tells of it. */
export interface ToldStream {
  /** The connection's key, in base64. */
  readonly key: string;
  /** The number of the first byte that no message which was copied has. */
  readonly position: number;
  /** Messages that wait for the master controller: where this process ends, they are lost. */
  readonly waiting: number;
  /** Nothing came of it for so long that it has no session. */
  readonly silent?: boolean | undefined;
  /** What the switch told; left out where that is as it was. */
  readonly memory?: WrittenMemory | undefined;
}

/** What became of the streams of one service since it was last told. */
export interface StreamNews<S extends ToldStream = ToldStream> {
  readonly service: string;
  readonly told: readonly S[];
  /** Keys of connections that ended, before those that are told of. */
  readonly gone: readonly string[];
}

export interface KnownStream extends ToldStream {
  readonly memory: WrittenMemory;
}

/** News from which all that is known of the streams can be learned. */
export type KnownNews = StreamNews<KnownStream>;

/** Streams of a service, a node mirrors no more; and bytes of all in JSON, which agents hold and keep on /run: 12 KiB for each. */
const most = { streams: 4_096, bytes: 48 * 2 ** 20 };

/** More than a stream takes in JSON beside what the switch told. */
const perStream = 256;

/** Bytes that a stream takes in JSON, at most; 1.7 MiB where the switch told as much as one is believed. */
export function sizeOf({ key, memory }: ToldStream): number {
  const { hello, features, config, desc, ports } = memory ?? {};
  const texts = [key, hello, features, config, desc, ports];
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), perStream);
}

/** The streams that somebody sees, by service and connection, as they were last told. */
export class StreamBook {
  readonly #services = new Map<string, Map<string, KnownStream>>();
  #bytes = 0;

  /** The streams that are known otherwise now; one whose memory was never told, or is too much, is left out. */
  apply({ service, told, gone }: StreamNews): KnownStream[] {
    const streams = this.#services.get(service) ?? new Map<string, KnownStream>();
    this.#services.set(service, streams);
    for (const key of gone) this.#forget(streams, key);
    return told.flatMap((stream) => {
      const memory = stream.memory ?? streams.get(stream.key)?.memory;
      if (memory === undefined) return [];
      this.#forget(streams, stream.key);
      const known = { ...stream, memory };
      const size = sizeOf(known);
      if (streams.size >= most.streams || this.#bytes + size > most.bytes) return [];
      streams.set(stream.key, known);
      this.#bytes += size;
      return [known];
    });
  }

  /** Keys of the service's streams that are known and that these news do not name. */
  unnamed({ service, told }: StreamNews): string[] {
    const named = new Set(told.map(({ key }) => key));
    return [...(this.#services.get(service)?.keys() ?? [])].filter((key) => !named.has(key));
  }

  /** All of it. */
  all(): KnownNews[] {
    return [...this.#services].flatMap(([service, streams]) =>
      streams.size > 0 ? [{ service, told: [...streams.values()], gone: [] }] : [],
    );
  }

  clear(): void {
    this.#services.clear();
    this.#bytes = 0;
  }

  #forget(streams: Map<string, KnownStream>, key: string): void {
    const known = streams.get(key);
    if (known !== undefined && streams.delete(key)) this.#bytes -= sizeOf(known);
  }
}
