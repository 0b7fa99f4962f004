import { type Chain, isBucketChain } from "../render/chains.js";
import { readRules, type SavedTable } from "../render/saved-rules.js";

/**
 * Input of `iptables-restore --noflush` that makes our part of the kernel equal to `wanted` (a rendered file, or what
 * `ownRules` kept), given what iptables-save says now. What is no longer wanted goes in its table's own transaction.
 *
 * `before` is the file that was rendered until now. A `nat` service's chain that it renders alike is left alone where
 * the kernel has it: the agent has taken the servers out that are down, and is not to be raced. Any other is loaded as
 * `spread` has it, by chain name: with the servers that are up.
 */
export function rulesInput(
  wanted: string,
  saved: string,
  before = "",
  spread: ReadonlyMap<string, Chain> = new Map(),
): string {
  const [goal, now, last] = [readRules(wanted), readRules(saved), readRules(before)];
  return [...new Set([...goal.keys(), ...now.keys()])]
    .map((name) =>
      tableText(
        name,
        tableLines(goal.get(name) ?? empty, now.get(name) ?? empty, last.get(name) ?? empty, spread),
      ),
    )
    .join("");
}

/** Our part of what iptables-save says. */
export const ownRules = (saved: string): string => rulesInput(saved, "");

const empty: SavedTable = { chains: new Map(), jumps: [] };

function tableLines(
  goal: SavedTable,
  now: SavedTable,
  last: SavedTable,
  spread: ReadonlyMap<string, Chain>,
): string[] {
  const stale = [...now.chains.keys()].filter((chain) => !goal.chains.has(chain));
  const loaded = [...goal.chains]
    .filter(([chain]) => !isKept(chain, goal, now, last))
    .map(
      ([chain, rules]) => [chain, spread.get(chain)?.rules.map((rule) => rule.join(" ")) ?? rules] as const,
    );
  return [
    // Without a flush of the table, declaring a chain still empties that one (iptables-restore(8)).
    ...[...loaded.map(([chain]) => chain), ...stale].map((chain) => `:${chain} - [0:0]`),
    ...now.jumps.filter((jump) => !goal.jumps.includes(jump)).map((jump) => `-D ${jump}`),
    ...goal.jumps.filter((jump) => !now.jumps.includes(jump)).map((jump) => `-I ${jump}`),
    ...loaded.flatMap(([chain, rules]) => rules.map((rule) => `-A ${chain} ${rule}`)),
    ...stale.map((chain) => `-X ${chain}`),
  ];
}

function isKept(chain: string, goal: SavedTable, now: SavedTable, last: SavedTable): boolean {
  const text = (table: SavedTable) => table.chains.get(chain)?.join("\n");
  return isBucketChain(chain) && Boolean(text(now)) && text(goal) === text(last);
}

const tableText = (name: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : [`*${name}`, ...lines, "COMMIT", ""].join("\n");
