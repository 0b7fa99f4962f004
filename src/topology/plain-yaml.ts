import { type Document, isMap, isNode, isScalar, visit } from "yaml";
import type { Position } from "./problem.js";
import { quote } from "./quote.js";

/** A part of the document that is YAML, but not plain. */
export interface NotPlain {
  readonly position: Position;
  readonly message: string;
}

/** What YAML allows and a topology does not need: each can hide a second meaning from a reader. */
export function notPlain(document: Document, position: (offset: number) => Position): NotPlain[] {
  const found: NotPlain[] = [];
  const refuse = (node: unknown, message: string) =>
    found.push({ position: position((isNode(node) && node.range?.[0]) || 0), message });
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== "1.2")
    found.push({
      position: { line: 1, column: 1 },
      message: "only YAML 1.2 is read; remove the %YAML directive",
    });
  visit(document, {
    Alias: (_, node) => {
      refuse(node, "aliases are not supported; write the value out");
    },
    Node: (_, node) => {
      if (node.tag !== undefined) refuse(node, `tags are not supported; remove ${quote(node.tag)}`);
      if (!isMap(node)) return;
      const keys = new Set<string>();
      for (const { key } of node.items) {
        const refusal = isScalar(key) ? whyNoKey(key.value, keys) : "a key is a plain word";
        if (refusal !== null) refuse(key, refusal);
      }
    },
  });
  return found;
}

function whyNoKey(key: unknown, before: Set<string>): string | null {
  if (typeof key !== "string") return `a key is a word; put ${quote(String(key))} in quotes`;
  // JavaScript's name for an object's prototype: the schema would never see it.
  if (key === "__proto__") return "`__proto__` is not a key";
  if (before.has(key)) return `key ${quote(key)} stands twice in one map`;
  before.add(key);
  return null;
}
