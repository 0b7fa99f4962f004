import { type Chain, isBucketChain } from "./chains.js";
import { readRules, type SavedTable } from "./saved-rules.js";

/** Arguments of iptables for each difference, for instance `-t nat -A HOLDFAST-PREROUTING -d ...`. */
export interface RuleDifference {
  readonly missing: string[];
  readonly unexpected: string[];
}

/**
 * What the kernel (iptables-save) lacks of a rendered file, and what of ours it has beyond it. A rendered rule is in
 * iptables-save's own spelling, so text is compared with text.
 *
 * A `nat` service's own chain follows its servers' health: it is compared with `spread`'s, by chain name, where that
 * has it, and otherwise only has to be there.
 */
export function compareRules(
  rendered: string,
  saved: string,
  spread: ReadonlyMap<string, Chain> = new Map(),
): RuleDifference {
  const [wanted, present] = [readRules(rendered), readRules(saved)];
  const difference: RuleDifference = { missing: [], unexpected: [] };
  for (const table of new Set([...wanted.keys(), ...present.keys()])) {
    const own = compareTable(wanted.get(table) ?? empty, present.get(table) ?? empty, spread);
    difference.missing.push(...own.missing.map((rule) => `-t ${table} ${rule}`));
    difference.unexpected.push(...own.unexpected.map((rule) => `-t ${table} ${rule}`));
  }
  return difference;
}

const empty: SavedTable = { chains: new Map(), jumps: [] };

function compareTable(
  wanted: SavedTable,
  present: SavedTable,
  spread: ReadonlyMap<string, Chain>,
): RuleDifference {
  const missing = subtract(wanted.jumps, present.jumps).map((jump) => `-I ${jump}`);
  const unexpected = subtract(present.jumps, wanted.jumps).map((jump) => `-I ${jump}`);
  for (const [name, rules] of wanted.chains) {
    const kernel = present.chains.get(name);
    const expected = spread.get(name)?.rules.map((rule) => rule.join(" ")) ?? rules;
    if (kernel === undefined) missing.push(`-N ${name}`, ...expected.map((rule) => `-A ${name} ${rule}`));
    else if (spread.has(name) || !isBucketChain(name) || kernel.length === 0) {
      missing.push(...lacking(expected, kernel).map((rule) => `-A ${name} ${rule}`));
      unexpected.push(...subtract(kernel, expected).map((rule) => `-A ${name} ${rule}`));
    }
  }
  for (const name of present.chains.keys()) if (!wanted.chains.has(name)) unexpected.push(`-N ${name}`);
  return { missing, unexpected };
}

/** What `kernel` lacks of `expected`; where it only has another order, the first rule that is out of place. */
function lacking(expected: readonly string[], kernel: readonly string[]): string[] {
  const absent = subtract(expected, kernel);
  if (absent.length > 0 || expected.length !== kernel.length) return absent;
  return expected.filter((rule, index) => rule !== kernel[index]).slice(0, 1);
}

/** The items of `all` that are left when each of `some` takes one away. */
function subtract(all: readonly string[], some: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const item of some) counts.set(item, (counts.get(item) ?? 0) + 1);
  return all.filter((item) => {
    const count = counts.get(item) ?? 0;
    counts.set(item, count - 1);
    return count <= 0;
  });
}
