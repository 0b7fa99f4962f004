import type { Place, Tell } from "../finding.js";
import type { SourceText } from "../source-text.js";

/** One rule of the nat table as a packet meets it: every match on its way there, and what becomes of it. */
export interface NatRule extends Place {
  readonly builtin: "PREROUTING" | "POSTROUTING";
  readonly matches: readonly Match[];
  readonly target: string;
  readonly targetOptions: readonly string[];
  /** As it stands in the file. */
  readonly text: string;
}

/** `-s 10.0.2.0/24`, `! -i lo`; `-m NAME` is left out, its options say it. */
export interface Match {
  readonly negated: boolean;
  readonly option: string;
  readonly values: readonly string[];
}

interface WrittenRule extends Place {
  readonly chain: string;
  readonly words: readonly string[];
  readonly text: string;
}

/** Chains that jump to chains that jump: a hostile file gets no more. */
const deepest = 8;
const most = 4096;

/** Reads iptables-save(8): the nat table, its own chains followed to where they lead. Other tables are counted. */
export function natRules({ file, text }: SourceText, tell: Tell): NatRule[] {
  const rules: WrittenRule[] = [];
  const declared = new Set<string>();
  const elsewhere = new Map<string, WrittenRule[]>();
  let table = "";
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const content = raw.trim();
    if (content.startsWith("*")) table = content.slice(1);
    if (content.startsWith(":") && table === "nat") declared.add(content.slice(1).split(/\s/)[0] ?? "");
    const words = (content.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ""));
    const [verb = "", chain = "", ...rest] = words;
    if (verb !== "-A" && verb !== "-I") continue;
    const rule = { file, line: index + 1, chain, words: rest, text: content };
    if (table === "nat") rules.push(rule);
    else if (`${chain} ${rest.join(" ")}`.includes("HOLDFAST-")) continue;
    else elsewhere.set(table, [...(elsewhere.get(table) ?? []), rule].slice(0, most));
  }
  for (const [name, [first, ...more]] of elsewhere)
    if (first !== undefined)
      tell(
        first,
        "replaced",
        `table ${name}: ${more.length + 1} rule${more.length > 0 ? "s" : ""}`,
        "holdfast has chains of its own, named HOLDFAST-*, and leaves every other rule alone",
        "see that none of them stands in the way of VRRP (protocol 112) and the agents (port 7443)",
      );
  return flattened(rules, declared);
}

function flattened(rules: readonly WrittenRule[], declared: ReadonlySet<string>): NatRule[] {
  const chains = new Map<string, WrittenRule[]>([...declared].map((chain) => [chain, []]));
  for (const rule of rules) {
    const others = chains.get(rule.chain);
    if (others === undefined) chains.set(rule.chain, [rule]);
    else others.push(rule);
  }
  const flat: NatRule[] = [];
  const walk = (
    builtin: NatRule["builtin"],
    chain: string,
    before: readonly Match[],
    depth: number,
  ): void => {
    for (const { words, file, line, text } of chains.get(chain) ?? []) {
      if (flat.length >= most) return;
      const { matches, target, targetOptions } = parts(words);
      const all = [...before, ...matches];
      if (chains.has(target) && depth < deepest) walk(builtin, target, all, depth + 1);
      else flat.push({ builtin, matches: all, target, targetOptions, file, line, text });
    }
  };
  walk("PREROUTING", "PREROUTING", [], 0);
  walk("POSTROUTING", "POSTROUTING", [], 0);
  return flat;
}

function parts(words: readonly string[]): Pick<NatRule, "matches" | "target" | "targetOptions"> {
  const jump = words.findIndex((word) => word === "-j" || word === "-g");
  const matches: { negated: boolean; option: string; values: string[] }[] = [];
  let negated = false;
  for (const word of jump < 0 ? words : words.slice(0, jump))
    if (word === "!") negated = true;
    else if (word.startsWith("-")) {
      matches.push({ negated, option: word, values: [] });
      negated = false;
    } else matches.at(-1)?.values.push(word);
  return {
    matches: matches.filter(({ option }) => option !== "-m" && option !== "--comment"),
    target: jump < 0 ? "" : (words[jump + 1] ?? ""),
    targetOptions: jump < 0 ? [] : words.slice(jump + 2),
  };
}
