import type { WordLine } from "../source-text.js";
import type { Section } from "./sections.js";

/** A section's lines, inherited ones first, without the options that a later `no option NAME` took back. */
export function inForce({ inherited, lines }: Pick<Section, "inherited" | "lines">): WordLine[] {
  const kept: WordLine[] = [];
  for (const each of [...inherited, ...lines]) {
    const [first = "", ...rest] = each.words;
    if (takesBack(each.words)) {
      const [key, name] = rest;
      for (let at = kept.length - 1; at >= 0; at--) {
        const words = kept[at]?.words ?? [];
        if (words[0] === key && (key !== "option" || words[1] === name)) kept.splice(at, 1);
      }
    }
    if (first !== "default") kept.push(each);
  }
  return kept;
}

/** `no option NAME`, `default option NAME` (as HAProxy has it without a word) and `no log`. */
const takesBack = ([first, key]: readonly string[]): boolean =>
  (first === "no" && (key === "option" || key === "log")) || (first === "default" && key === "option");

/** The line that switches a section off; undefined when it is on. */
export function disabledAt({ inherited, lines }: Section): WordLine | undefined {
  const line = [...inherited, ...lines].findLast(
    ({ words: [key] }) => key === "disabled" || key === "enabled",
  );
  return line?.words[0] === "disabled" ? line : undefined;
}
