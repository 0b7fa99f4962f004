import type { Tell } from "../finding.js";
import type { SourceText, WordLine } from "../source-text.js";

/**
 * The words of HAProxy's configuration (manual, 2.2): `#` begins a comment, a backslash an escape, '...' takes everything
 * as it is, "..." all but a backslash and a variable. A variable comes from HAProxy's environment: nobody knows it here.
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
    } else if (character === "\\" && quote !== "'") {
      const { means, length } = escaped(raw.slice(at, at + 4), quote);
      word = (word ?? "") + means;
      at += length - 1;
    } else {
      if (character === "$" && quote === '"') hasVariable = true;
      word = (word ?? "") + character;
    }
  }
  if (word !== null) words.push(word);
  return { words, hasVariable };
}

/** What the escape at the start means. A backslash before anything else is itself, as in a pattern's `\.`. */
function escaped(text: string, quote: '"' | null): { readonly means: string; readonly length: number } {
  const code = /^\\x([0-9a-f]{2})/i.exec(text)?.[1];
  if (code !== undefined) return { means: String.fromCharCode(Number.parseInt(code, 16)), length: 4 };
  const next = text[1] ?? "";
  const control = controls[next];
  if (control !== undefined) return { means: control, length: 2 };
  const itself = quote === null ? /^[ \\#"']/ : /^[ \\#"'$]/;
  return itself.test(next) ? { means: next, length: 2 } : { means: "\\", length: 1 };
}

const controls: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
