import { prefix } from "./chains.js";

/** Our part of one table, as text in the form of iptables-save(8) has it. */
export interface SavedTable {
  /** Our chains and their rules without `-A CHAIN `, in order. */
  readonly chains: Map<string, string[]>;
  /** What leads into them: `INPUT -j HOLDFAST-INPUT`. */
  readonly jumps: string[];
}

const chainLine = /^:(\S+) /;
const ruleLine = /^-[AI] (\S+) (.*)$/;

/**
 * iptables-save names only the protocols that it knows by itself since 1.8.10, and prints the number of any other:
 * both are read as the name (seen with 1.8.9 and 1.8.11).
 */
const namedProtocol = (rule: string): string => rule.replace(/(?<=(?:^| )-p )112(?= |$)/, "vrrp");

/** Reads a rendered file or what the kernel has; whatever is not ours is passed over. */
export function readRules(text: string): Map<string, SavedTable> {
  const tables = new Map<string, SavedTable>();
  let table: SavedTable = { chains: new Map(), jumps: [] };
  for (const raw of text.split("\n")) {
    const line = raw.trimEnd();
    if (line.startsWith("*")) {
      table = { chains: new Map(), jumps: [] };
      tables.set(line.slice(1), table);
      continue;
    }
    const declared = chainLine.exec(line)?.[1];
    if (declared?.startsWith(prefix)) table.chains.set(declared, []);
    const [, chain = "", written = ""] = ruleLine.exec(line) ?? [];
    const rule = namedProtocol(written);
    if (chain.startsWith(prefix)) table.chains.get(chain)?.push(rule);
    else if (rule.includes(`-j ${prefix}`)) table.jumps.push(`${chain} ${rule}`);
  }
  return tables;
}
