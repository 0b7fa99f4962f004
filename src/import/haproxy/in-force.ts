import type { WordLine } from "../source-text.js";
import type { Section } from "./sections.js";

/** Many sections inherit the same lines. */
const known = new WeakMap<readonly WordLine[], readonly WordLine[]>();

/** A section's lines, inherited ones first, without the options that a later `no option NAME` took back. */
export function inForce({ inherited, lines }: Pick<Section, "inherited" | "lines">): readonly WordLine[] {
  if (lines.some(takesBack)) return remaining([...inherited, ...lines]);
  return [...inheritedInForce(inherited), ...remaining(lines)];
}

/** Whether a line takes an option back. */
export const takesBack = ({ words: [first = "", key = ""] }: WordLine): boolean =>
  (first === "no" && (key === "option" || key === "log")) || isDefault(first, key);

/** What defaults say to a section that takes nothing of it back. */
function inheritedInForce(inherited: readonly WordLine[]): readonly WordLine[] {
  const there = known.get(inherited) ?? remaining(inherited);
  known.set(inherited, there);
  return there;
}

function remaining(lines: readonly WordLine[]): WordLine[] {
  const takenBack = new Set<string>();
  const kept: WordLine[] = [];
  // From the end, so that each line knows what comes after it.
  for (const each of [...lines].reverse()) {
    const [first = "", key = "", name = ""] = each.words;
    const takes = takesBack(each);
    if (takes) takenBack.add(setting(key, name));
    if (first !== "default" && (takes || !takenBack.has(setting(first, key)))) kept.push(each);
  }
  return kept.reverse();
}

/** `default option NAME`: as HAProxy has it without a word. */
const isDefault = (first: string, key: string): boolean => first === "default" && key === "option";

/** Of options each is a setting of its own. */
const setting = (key: string, name: string): string => (key === "option" ? `option ${name}` : key);

/** The line that switches a section off; undefined when it is on. */
export function disabledAt({ inherited, lines }: Section): WordLine | undefined {
  const isSwitch = ({ words: [key] }: WordLine): boolean => key === "disabled" || key === "enabled";
  const line = lines.findLast(isSwitch) ?? inherited.findLast(isSwitch);
  return line?.words[0] === "disabled" ? line : undefined;
}
