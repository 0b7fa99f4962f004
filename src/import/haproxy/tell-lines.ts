import type { Tell } from "../finding.js";
import type { WordLine } from "../source-text.js";
import { inForce, takesBack } from "./in-force.js";
import { type Loss, losses, readElsewhere } from "./not-carried.js";
import { optionLoss, withoutOptionLoss } from "./options.js";
import type { Section } from "./sections.js";
import { hashLoss, isOurs, timeoutLoss } from "./settings.js";

/** Tells of a proxy's lines that have no place in a service, those that it inherits too: these once. */
export function lineTeller(file: string, tell: Tell): (section: Section) => void {
  const told = new Set<readonly WordLine[]>();
  return ({ inherited, lines }) => {
    const isKnown = told.has(inherited) && !lines.some(takesBack);
    if (!lines.some(takesBack)) told.add(inherited);
    for (const { words, line } of inForce({ inherited: isKnown ? [] : inherited, lines })) {
      const loss = isOurs(words) ? null : lossOf(words);
      // `stats auth` has a password in it.
      const what = words[0] === "stats" ? `stats ${words[1] ?? ""}` : words.join(" ");
      if (loss !== null) tell({ file, line }, loss[0], what, loss[1], loss[2]);
    }
  };
}

function lossOf(words: readonly string[]): Loss | null {
  const [key = "", name = "", option = ""] = words;
  if (key === "option") return optionLoss(words);
  if (key === "no" && name === "option") return withoutOptionLoss(option);
  if (key === "timeout") return timeoutLoss(words);
  if (key === "hash-type") return hashLoss(words);
  if (Object.hasOwn(losses, key)) return losses[key] ?? null;
  return readElsewhere.has(key) ? null : ["lost", "import does not know it", "see whether it is missed"];
}
