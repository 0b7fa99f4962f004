import { readRules, type SavedTable } from "../render/saved-rules.js";

/**
 * Input of `iptables-restore --noflush` that makes our part of the kernel equal to `wanted` (a rendered file, or what
 * `ownRules` kept), given what iptables-save says now. What is no longer wanted goes in its table's own transaction.
 */
export function rulesInput(wanted: string, saved: string): string {
  const [goal, now] = [readRules(wanted), readRules(saved)];
  return [...new Set([...goal.keys(), ...now.keys()])]
    .map((name) => tableText(name, tableLines(goal.get(name) ?? empty, now.get(name) ?? empty)))
    .join("");
}

/** Our part of what iptables-save says. */
export const ownRules = (saved: string): string => rulesInput(saved, "");

const empty: SavedTable = { chains: new Map(), jumps: [] };

function tableLines(goal: SavedTable, now: SavedTable): string[] {
  const stale = [...now.chains.keys()].filter((chain) => !goal.chains.has(chain));
  return [
    // Without a flush of the table, declaring a chain still empties that one (iptables-restore(8)).
    ...[...goal.chains.keys(), ...stale].map((chain) => `:${chain} - [0:0]`),
    ...now.jumps.filter((jump) => !goal.jumps.includes(jump)).map((jump) => `-D ${jump}`),
    ...goal.jumps.filter((jump) => !now.jumps.includes(jump)).map((jump) => `-I ${jump}`),
    ...[...goal.chains].flatMap(([chain, rules]) => rules.map((rule) => `-A ${chain} ${rule}`)),
    ...stale.map((chain) => `-X ${chain}`),
  ];
}

const tableText = (name: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : [`*${name}`, ...lines, "COMMIT", ""].join("\n");
