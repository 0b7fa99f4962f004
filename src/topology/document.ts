import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
} from "yaml";
import { formatPath, type Path } from "./path.js";
import type { Position, Problem } from "./problem.js";
import { quote } from "./quote.js";

/** Largest topology file that is read, in characters: far above any real cluster, far below trouble. */
export const maximumLength = 4 * 1024 * 1024;

/** A YAML text that was read, and where everything in it stands. */
export interface TopologyDocument {
  /** The plain value, for the schema. */
  readonly value: unknown;
  /** A problem at the value that `path` leads to, or at the nearest thing above it that exists. */
  at(path: Path): { path: string; position: Position };
  /** The same for a key instead of its value. */
  atKey(path: Path): { path: string; position: Position };
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
  const [first, second] = parseAllDocuments(text, {
    version: "1.2",
    schema: "core",
    merge: false,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "silent",
  });
  if (first === undefined || !("contents" in first) || first.contents === null)
    return {
      problems: [
        syntax({ line: 1, column: 1 }, "the file is empty; `holdfast init` writes a first topology"),
      ],
    };
  const problems = [...first.errors, ...first.warnings].map((error) =>
    syntax(position(error.pos[0]), sentence(error.message)),
  );
  if (second !== undefined)
    problems.push(
      syntax(position(second.range[0]), "one file holds one topology; remove the second document"),
    );
  problems.push(...forbidden(first, position));
  if (problems.length > 0) return { problems };
  return { document: located(first, position) };
}

const syntax = (position: Position, message: string): Problem => ({
  rule: "yaml",
  severity: "error",
  path: "",
  position,
  message,
});

/** The parser's words, without what a terminal would obey (it quotes from the file). */
const sentence = (message: string): string => {
  const plain = message.replace(/[^\x20-\x7e]+/g, " ").slice(0, 200);
  return plain.charAt(0).toLowerCase() + plain.slice(1);
};

/** What YAML allows and a topology does not need: each has hidden a second meaning from a reader before. */
function forbidden(document: Document, position: (offset: number) => Position): Problem[] {
  const problems: Problem[] = [];
  const refuse = (node: { range?: readonly number[] | null }, message: string) =>
    problems.push(syntax(position(node.range?.[0] ?? 0), message));
  visit(document, {
    Alias: (_, node) => {
      refuse(node, "aliases are not supported; write the value out");
    },
    Node: (_, node) => {
      if (node.tag !== undefined && !node.tag.startsWith("tag:yaml.org,2002:"))
        refuse(node, `tag ${quote(node.tag)} is not supported`);
    },
    Pair: (_, pair) => {
      const key = pair.key;
      if (!isScalar(key)) {
        refuse(isNode(key) ? key : {}, "a key is a plain word");
        return visit.SKIP;
      }
      if (typeof key.value !== "string")
        refuse(key, `a key is a word; put ${quote(String(key.value))} in quotes`);
      else if (key.value === "__proto__") refuse(key, "`__proto__` is not a key");
    },
  });
  return problems;
}

function located(document: Document, position: (offset: number) => Position): TopologyDocument {
  /** Follows the path as far as the document goes; an index into a single value stays on that value. */
  const follow = (path: Path, wantKey: boolean) => {
    let node: unknown = document.contents;
    let offset = start(node) ?? 0;
    let shown = path;
    for (const [depth, step] of path.entries()) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
        if (pair === undefined) break;
        const keyOffset = start(pair.key);
        node = pair.value;
        const last = depth === path.length - 1;
        offset = (wantKey && last ? keyOffset : (start(node) ?? keyOffset)) ?? offset;
      } else if (isSeq(node) && typeof step === "number") {
        node = node.items[step];
        offset = start(node) ?? offset;
      } else if (typeof step === "number" && depth === path.length - 1) {
        shown = path.slice(0, -1);
        break;
      } else break;
    }
    return { path: formatPath(shown), position: position(offset) };
  };
  return {
    value: document.toJS({ maxAliasCount: 0 }),
    at: (path) => follow(path, false),
    atKey: (path) => follow(path, true),
  };
}

/** Where a node begins; an empty value (`key:`) has no place of its own. */
const start = (node: unknown): number | undefined => {
  if (!isNode(node)) return undefined;
  if (isScalar(node) && node.value === null && !isCollection(node) && node.source === "") return undefined;
  return node.range?.[0];
};
