/** What an event is about; also the word after `--kind`. */
export const eventKinds = [
  "role",
  "apply",
  "drift",
  "fault",
  "peer",
  "two-owners",
  "maintenance",
  "server",
  "sync",
  "release",
  "table",
  "mirror",
  "vpn",
  "drill",
  "certificate",
  "agent",
] as const;
export type EventKind = (typeof eventKinds)[number];

/** Something that happened on a node, told once and kept. */
export interface Event {
  /** Counts up from 1 on its node, without gaps, also over restarts. */
  readonly sequence: number;
  /** ISO 8601, UTC, with milliseconds. */
  readonly at: string;
  readonly node: string;
  readonly kind: EventKind;
  /** One sentence for people, without a full stop. */
  readonly text: string;
  /** For programs; its shape follows from the kind. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** A part of a failover's gap, in the order in which the parts follow each other. */
export interface Span {
  readonly what: "detect" | "address" | "announced" | "first answer";
  readonly milliseconds: number;
}

/** One network's part in a move. */
export interface NetworkMove {
  readonly network: string;
  /** Sentences: what was seen on it. */
  readonly evidence: readonly string[];
  readonly spans: readonly Span[];
}

/** `details` of an event of kind `role`: this node became the owner of virtual IPs, or no longer is. */
export interface RoleDetails {
  /** Of VRRP; null before the agent first looked. */
  readonly from: string | null;
  readonly to: string;
  /** Null where nobody gave anything up to this node. */
  readonly move: "failover" | "switchover" | null;
  /** Who asked for it. */
  readonly by: string | null;
  /** One clause. */
  readonly cause: string;
  /** Sentences: what was seen, and where. */
  readonly evidence: readonly string[];
  /** Of the network on which it took longest; empty where this node did not take over. */
  readonly spans: readonly Span[];
  /** All that moved together. */
  readonly networks: readonly NetworkMove[];
}
