/** One agent's word to another: small, complete in itself, sent again and again. */
export interface Beat {
  readonly node: string;
  /** When the sender started, milliseconds since the epoch: tells a restarted agent from an old datagram. */
  readonly boot: number;
  /** Counts up from 1 within a boot. */
  readonly sequence: number;
  /** 0 is fit; see faults.ts. */
  readonly severity: number;
  readonly faults: readonly string[];
  readonly yielding: boolean;
  /** What the node runs; null before the first apply, or where the sender does not know. */
  readonly generation: BeatGeneration | null;
  /** It may be behind its peers, or is in doubt about a change. */
  readonly unsettled: boolean;
  /** First bytes of the SHA-256 of the node's cluster, so that differing topologies show. */
  readonly digest: string;
  /** Null where there are no sessions to keep, or where the sender's program is older. */
  readonly sync: BeatSync | null;
  readonly networks: Readonly<Record<string, BeatNetwork>>;
}

/** How the sender stands with the sessions' state. */
export interface BeatSync {
  /** Tells one run of its conntrackd from the next; 0 while it does not answer. */
  readonly instance: number;
  /** Names what its conntrackd would send now: another number, another publication. Null where it has nothing to send. */
  readonly epoch: number | null;
  /** Entries that it would send. */
  readonly entries: number;
  /** It does not hold yet what the active node would send. */
  readonly pending: boolean;
}

export interface BeatGeneration {
  readonly number: number;
  readonly digest: string;
}

export interface BeatNetwork {
  /** keepalived's word; null while unknown or where the network has no instance. */
  readonly vrrp: "master" | "backup" | "fault" | null;
  /** Witnesses that answered lately. */
  readonly heard: readonly string[];
  /** Neighbours that the sender knows and does not hear: its peers are to ask them too. */
  readonly silent: readonly string[];
  /** Peers whose beats lately arrived on this network. */
  readonly peers: readonly string[];
}

const version = 1;
/** Bytes. A longer datagram is not ours. */
export const longestBeat = 4_096;
const bounds = { names: 16, networks: 16, faults: 32, text: 64 };

export const encode = (beat: Beat): string => JSON.stringify({ version, ...beat });

/** The beat in a datagram, or null for anything else: what arrives may come from anybody. */
export function decode(datagram: string): Beat | null {
  if (Buffer.byteLength(datagram) > longestBeat) return null;
  try {
    return beat(JSON.parse(datagram));
  } catch {
    return null;
  }
}

class NotABeat extends Error {}

function beat(value: unknown): Beat {
  const fields = record(value);
  if (fields.version !== version) throw new NotABeat();
  const networks = Object.entries(record(fields.networks));
  if (networks.length > bounds.networks) throw new NotABeat();
  return {
    node: text(fields.node),
    boot: count(fields.boot),
    sequence: count(fields.sequence),
    severity: count(fields.severity),
    faults: texts(fields.faults, bounds.faults),
    yielding: fields.yielding === true,
    generation: generation(fields.generation),
    unsettled: fields.unsettled === true,
    digest: text(fields.digest),
    sync: sync(fields.sync),
    networks: Object.fromEntries(networks.map(([name, network]) => [text(name), beatNetwork(network)])),
  };
}

/** An older program says nothing of it. */
function generation(value: unknown): BeatGeneration | null {
  if (value === undefined || value === null) return null;
  const { number, digest } = record(value);
  return { number: count(number), digest: text(digest) };
}

/** An older program says nothing of it. */
function sync(value: unknown): BeatSync | null {
  if (value === undefined || value === null) return null;
  const { instance, epoch, entries, pending } = record(value);
  return {
    instance: count(instance),
    epoch: epoch === null ? null : count(epoch),
    entries: count(entries),
    pending: pending === true,
  };
}

function beatNetwork(value: unknown): BeatNetwork {
  // An older program says nothing of silent neighbours.
  const { vrrp, heard, silent = [], peers } = record(value);
  if (vrrp !== null && vrrp !== "master" && vrrp !== "backup" && vrrp !== "fault") throw new NotABeat();
  return {
    vrrp,
    heard: texts(heard, bounds.names),
    silent: texts(silent, bounds.names),
    peers: texts(peers, bounds.names),
  };
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NotABeat();
  return { ...value };
}

function texts(value: unknown, most: number): string[] {
  if (!Array.isArray(value) || value.length > most) throw new NotABeat();
  return value.map(text);
}

/** Names, addresses and digests: nothing that a terminal or a log could stumble over. */
function text(value: unknown): string {
  if (typeof value !== "string" || value.length > bounds.text || !/^[a-z0-9.:-]+$/.test(value))
    throw new NotABeat();
  return value;
}

function count(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw new NotABeat();
  return value;
}
