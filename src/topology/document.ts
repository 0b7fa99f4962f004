import { Composer, LineCounter, Parser } from "yaml";
import { tooDeep } from "./depth.js";
import { type Locator, locator } from "./locate.js";
import { notPlain } from "./plain-yaml.js";
import type { Position, Problem } from "./problem.js";

/** Largest topology file that is read, in characters: far above any real cluster, far below trouble. */
const maximumLength = 4 * 1024 * 1024;

/** Syntax errors that are reported at once: one slip of indentation can break every line after it. */
const maximumErrors = 20;

/** A YAML text that was read, and where everything in it stands. */
export interface TopologyDocument extends Locator {
  /** The plain value, for the schema. */
  readonly value: unknown;
}

/** Reads YAML 1.2 (core schema, one document, no aliases, no tags). Every syntax error is a problem. */
export function readDocument(text: string): { document: TopologyDocument } | { problems: Problem[] } {
  if (text.length > maximumLength)
    return {
      problems: [
        syntax({ line: 1, column: 1 }, `the file is larger than ${maximumLength / 1024 / 1024} MiB`),
      ],
    };
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  for (const token of tokens) {
    const offset = tooDeep(token);
    if (offset !== null) return { problems: [syntax(position(offset), "nested too deeply")] };
  }
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    merge: false,
    // Found by `notPlain` instead, in time that grows with the number of keys and not with its square.
    uniqueKeys: false,
    logLevel: "silent",
  });
  const [first, second] = composer.compose(tokens);
  if (first === undefined || first.contents === null)
    return {
      problems: [
        syntax({ line: 1, column: 1 }, "the file is empty; `holdfast init` writes a first topology"),
      ],
    };
  const problems = [...first.errors, ...first.warnings]
    .filter(({ code }) => code !== "TAG_RESOLVE_FAILED") // `notPlain` refuses every tag
    .slice(0, maximumErrors)
    .map((error) => syntax(position(error.pos[0]), sentence(error.message)));
  if (second !== undefined)
    problems.push(
      syntax(position(second.range[0]), "one file holds one topology; remove the second document"),
    );
  problems.push(...notPlain(first, position).map((found) => syntax(found.position, found.message)));
  if (problems.length > 0) return { problems };
  return { document: { value: first.toJS({ maxAliasCount: 0 }), ...locator(first, position) } };
}

const syntax = (position: Position, message: string): Problem => ({
  rule: "yaml",
  severity: "error",
  path: "",
  position,
  message,
});

/** The parser's words, without what a terminal would obey (it quotes from the file). */
function sentence(message: string): string {
  const plain = message.replace(/[^\x20-\x7e]+/g, " ").slice(0, 200);
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}
