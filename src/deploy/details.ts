import { isBucketChain } from "../render/chains.js";
import { paths } from "../render/paths.js";
import { readRules } from "../render/saved-rules.js";
import type { Change } from "./change.js";
import { poolLines } from "./pool-text.js";
import type { Step } from "./steps.js";

/** What changes inside the engines' files, a line each: the engine, what, and how it takes. */
export const detailsOf = (changes: readonly Change[], steps: readonly Step[]): string[] =>
  changes.flatMap((change) => {
    const [before, after] = [change.before?.body ?? "", change.after?.body ?? ""];
    if (change.path === paths.haproxyCfg)
      return poolLines(before, after).map((line) => columns("haproxy", line, serversTake(steps)));
    if (change.engine === "iptables" || change.engine === "ip6tables")
      return chainLines(before, after).map(([what, how]) => columns(change.engine, what, how));
    return [];
  });

const columns = (engine: string, what: string, how: string): string =>
  `${engine.padEnd(11)} ${what.padEnd(54)}  ${how}`.trimEnd();

function serversTake(steps: readonly Step[]): string {
  if (steps.some(({ kind }) => kind === "change-servers")) return "live, no reload";
  const own = steps.find((step) => "service" in step && step.service === "haproxy");
  return own === undefined ? "" : `with a ${own.kind}`;
}

/** Chains that both files have, of all tables. */
function chainLines(before: string, after: string): [what: string, how: string][] {
  const [had, wanted] = [readRules(before), readRules(after)];
  return [...wanted].flatMap(([table, { chains }]) =>
    [...chains].flatMap(([chain, rules]): [string, string][] => {
      const old = had.get(table)?.chains.get(chain);
      if (old === undefined || old.join("\n") === rules.join("\n")) return [];
      if (isBucketChain(chain)) return [[`${chain}: ${bucketsMoved(old, rules)}`, "live, for new sessions"]];
      const counts = [
        [rules.filter((rule) => !old.includes(rule)).length, "added"],
        [old.filter((rule) => !rules.includes(rule)).length, "removed"],
      ] as const;
      const said = counts
        .filter(([count]) => count > 0)
        .map(([count, verb]) => `${count} ${count === 1 ? "rule" : "rules"} ${verb}`);
      return [[`${chain}: ${said.join(", ") || "rules in another order"}`, ""]];
    }),
  );
}

/** Its first rule marks the packet with its bucket; then each bucket has a rule, or one rule has them all. */
function bucketsMoved(old: readonly string[], rules: readonly string[]): string {
  // Without a mark sessions are dealt out by turns: there are no buckets.
  if (![old, rules].every(([first = ""]) => first.startsWith("-j HMARK"))) return "its servers change";
  const [a, b] = [old.slice(1), rules.slice(1)];
  if (a.length !== b.length || a.length === 0) return "its servers change";
  return `${b.filter((rule, bucket) => rule !== a[bucket]).length} of ${b.length} buckets move`;
}
