import type { Tell } from "../finding.js";
import type { SourceText, WordLine } from "../source-text.js";

/**
 * The words of HAProxy's configuration (manual, 2.2): `#` begins a comment, a backslash takes the next character as it
 * is, '...' everything, "..." all but a backslash and a variable. A variable comes from HAProxy's environment: nobody
 * knows it here.
 */
export function haproxyLines({ file, text }: SourceText, tell: Tell): WordLine[] {
  return text.split(/\r\n|\r|\n/).flatMap((raw, index): WordLine[] => {
    const line = index + 1;
    const { words, hasVariable } = split(raw);
    if (hasVariable)
      tell(
        { file, line },
        "look",
        words.join(" "),
        "the value of an environment variable is not known here",
        "write its value in its place and import again",
      );
    return words.length === 0 ? [] : [{ words, line }];
  });
}

function split(raw: string): { words: string[]; hasVariable: boolean } {
  const words: string[] = [];
  let word: string | null = null;
  let quote: "'" | '"' | null = null;
  let hasVariable = false;
  for (let at = 0; at < raw.length; at++) {
    const character = raw[at] ?? "";
    if (quote === null && character === "#") break;
    if (quote === null && /\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === quote) quote = null;
    else if (quote === null && (character === "'" || character === '"')) {
      quote = character;
      word ??= "";
    } else if (character === "\\" && quote !== "'") word = (word ?? "") + (raw[++at] ?? "");
    else {
      if (character === "$" && quote === '"') hasVariable = true;
      word = (word ?? "") + character;
    }
  }
  if (word !== null) words.push(word);
  return { words, hasVariable };
}
