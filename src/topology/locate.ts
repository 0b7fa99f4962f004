import { type Document, isMap, isNode, isScalar, isSeq, type Pair, type YAMLMap } from "yaml";
import { formatPath, type Path } from "./path.js";
import type { Position, Problem } from "./problem.js";

/** Where a path leads in a document. */
export type Place = Pick<Problem, "path" | "position">;

/** Finds places in a document, for problems. */
export interface Locator {
  /** The value that `path` leads to, or the nearest thing above it that exists. */
  at(path: Path): Place;
  /** The same for a key instead of its value. */
  atKey(path: Path): Place;
  /** From now on `meant` leads to what stands under `written` in the map at `path`. */
  readAs(path: Path, written: string, meant: string): void;
}

export function locator(document: Document, position: (offset: number) => Position): Locator {
  const keysOf = keyIndex();
  /** Follows the path as far as the document goes; an index into a single value stays on that value. */
  const follow = (path: Path) => {
    let value: unknown = document.contents;
    let offset = start(value) ?? 0;
    let keyOffset = offset;
    let shown = path;
    for (const [depth, step] of path.entries()) {
      if (isMap(value)) {
        const pair = keysOf(value).get(step);
        if (pair === undefined) break;
        keyOffset = start(pair.key) ?? offset;
        value = pair.value;
        offset = start(value) ?? keyOffset;
      } else if (isSeq(value) && typeof step === "number") {
        value = value.items[step];
        offset = start(value) ?? offset;
        keyOffset = offset;
      } else {
        if (typeof step === "number" && depth === path.length - 1) shown = path.slice(0, -1);
        break;
      }
    }
    return { value, shown, offset, keyOffset };
  };
  return {
    at: (path) => {
      const { shown, offset } = follow(path);
      return { path: formatPath(shown), position: position(offset) };
    },
    atKey: (path) => {
      const { shown, keyOffset } = follow(path);
      return { path: formatPath(shown), position: position(keyOffset) };
    },
    readAs: (path, written, meant) => {
      const { value } = follow(path);
      const pair = isMap(value) ? keysOf(value).get(written) : undefined;
      if (isMap(value) && pair !== undefined) keysOf(value).set(meant, pair);
    },
  };
}

/** A map's keys, indexed once, so that many problems in a large map cost no more than their number. */
function keyIndex(): (map: YAMLMap) => Map<unknown, Pair> {
  const indexes = new WeakMap<YAMLMap, Map<unknown, Pair>>();
  return (map) => {
    let index = indexes.get(map);
    if (index === undefined) {
      index = new Map(map.items.map((pair) => [isScalar(pair.key) ? pair.key.value : pair.key, pair]));
      indexes.set(map, index);
    }
    return index;
  };
}

/** Where a node begins; an empty value (`key:`) has no place of its own. */
const start = (node: unknown): number | undefined => {
  if (!isNode(node)) return undefined;
  if (isScalar(node) && node.value === null && node.source === "") return undefined;
  return node.range?.[0];
};
