/** A rule in the words and the order in which iptables-save prints it, without its `-A CHAIN`. */
export type Rule = readonly string[];

/** A chain of our own. */
export interface Chain {
  readonly name: string;
  readonly rules: readonly Rule[];
}

export type TableName = "mangle" | "filter" | "nat";

/** The built-in chains that lead into ours, a table; `HOLDFAST-` and its name is where each leads. */
export const entrances = {
  mangle: ["PREROUTING"],
  filter: ["INPUT", "FORWARD"],
  nat: ["PREROUTING", "POSTROUTING"],
} as const satisfies Record<TableName, readonly string[]>;

export const tableNames: readonly TableName[] = ["mangle", "filter", "nat"];

/** Every chain of ours begins with this, and nothing else does. */
export const prefix = "HOLDFAST-";

/** `10.0.2.11` as iptables-save prints a single host. */
export const host = (address: string): string => `${address}/${address.includes(":") ? 128 : 32}`;

/** Matches TCP to a port. */
export const toPort = (port: number): Rule => ["-p", "tcp", "-m", "tcp", "--dport", String(port)];

/** A service's own chain bears the service's name, and that begins with a small letter or a digit. */
export const isBucketChain = (name: string): boolean => /^HOLDFAST-[a-z0-9]/.test(name);
