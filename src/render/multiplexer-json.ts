import type { Cluster, Mirror, Service } from "../topology/cluster.js";
import { doorsOf } from "./multiplexer-doors.js";
import { word } from "./words.js";

/** One service whose sessions pass through the multiplexer. */
export interface MultiplexedService {
  readonly name: string;
  /** Where its servers' sockets stand, for HAProxy to connect to. */
  readonly directory: string;
  readonly master: {
    readonly address: string;
    readonly port: number;
    /** Bytes that may wait for it, for each switch. */
    readonly queue: number;
  };
  readonly replies: "drop" | "forward";
  readonly writes: Mirror["writes"];
  /** Where all is written that controllers say to switches. */
  readonly audit?: { readonly file: string };
  readonly servers: readonly { readonly name: string; readonly address: string; readonly port: number }[];
}

/** What the multiplexer reads. Holds no secret. */
export interface MultiplexerDocument {
  readonly services: readonly MultiplexedService[];
}

/** Null where no session passes through it. */
export function multiplexerJson(cluster: Cluster): string | null {
  const services = cluster.services
    .flatMap((service) => (service.mirror?.via === "inline" ? [multiplexed(service, service.mirror)] : []))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const document: MultiplexerDocument = { services };
  return services.length === 0 ? null : `${JSON.stringify(document, plainWords, 2)}\n`;
}

/** Names and paths of what root makes: no other word than engines take. @throws on any other */
const plainWords = (_key: string, value: unknown): unknown =>
  typeof value === "string" ? word(value) : value;

const multiplexed = (
  { name, servers }: Service,
  { to, replies, writes, queue, audit }: Mirror,
): MultiplexedService => ({
  name,
  directory: doorsOf(name),
  master: { address: to.address, port: to.port, queue },
  replies: replies ?? "drop",
  writes,
  ...(audit ? { audit: { file: audit.file } } : {}),
  servers: servers.map((server) => ({ name: server.name, address: server.address, port: server.port })),
});
