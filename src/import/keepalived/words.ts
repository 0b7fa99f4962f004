import type { Tell } from "../finding.js";
import type { SourceText, WordLine } from "../source-text.js";

/** A definition may use others that use others: what one line may grow to, in characters. */
const longestLine = 64 * 1024;

const definition = /^\$([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;
const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$([A-Za-z_][A-Za-z0-9_]*)/g;

/**
 * The words of keepalived.conf(5): comments begin with `#` or `!`, `"` holds a word together, `$NAME=...` defines what
 * `$NAME` stands for, a definition that ends in a backslash goes on in the next line. Braces are words of their own.
 */
export function keepalivedLines({ file, text }: SourceText, tell: Tell): WordLine[] {
  const definitions = new Map<string, string>();
  const lines: WordLine[] = [];
  const expand = (raw: string, line: number): string => {
    let grown = raw.replace(reference, (whole, braced?: string, plain?: string) => {
      const value = definitions.get(braced ?? plain ?? "");
      if (value === undefined)
        tell(
          { file, line },
          "lost",
          whole,
          "nothing in this file defines it",
          "write its value in its place",
        );
      return value ?? whole;
    });
    if (grown.length > longestLine) {
      tell(
        { file, line },
        "lost",
        "a definition",
        "it grows beyond all measure",
        "write its value in its place",
      );
      grown = "";
    }
    return grown;
  };
  const raw = text.split(/\r\n|\r|\n/);
  for (let index = 0; index < raw.length; index++) {
    const line = index + 1;
    let content = withoutComment(raw[index] ?? "");
    while (/\\$/.test(content) && index + 1 < raw.length) {
      index++;
      content = `${content.slice(0, -1)} ${withoutComment(raw[index] ?? "")}`;
    }
    const [, name, value = ""] = definition.exec(content.trim()) ?? [];
    if (name !== undefined) {
      definitions.set(name, expand(value.trim(), line));
      continue;
    }
    const words = split(expand(content, line));
    const [first = ""] = words;
    if (/^@\^?[A-Za-z0-9_]/.test(first)) {
      tell(
        { file, line },
        "lost",
        words.join(" "),
        "a line that only counts with a certain --config-id",
        "give each node's file as that node has it, without @ lines",
      );
      continue;
    }
    if (words.length > 0) lines.push({ words, line });
  }
  return lines;
}

function withoutComment(line: string): string {
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === "#" || character === "!")) return line.slice(0, at).trimEnd();
  }
  return line.trimEnd();
}

const split = (content: string): string[] =>
  (content.match(/"[^"]*"?|[{}]|[^\s{}"]+/g) ?? []).map((word) =>
    word.startsWith('"') ? word.slice(1).replace(/"$/, "") : word,
  );
