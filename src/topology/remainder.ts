import type { z } from "zod";
import type { Path } from "./path.js";
import { remainingTopologySchema, type WrittenTopology } from "./schema.js";
import { pathOf } from "./shape.js";

/** The parts of a topology file that say something on their own; `*` is any index or name. */
const parts: readonly Path[] = [
  ["networks", "*"],
  ["nodes", "*", "interfaces", "*"],
  ["nodes", "*"],
  ["routes", "*"],
  ["failover", "witness", "*"],
  ["virtual_ips", "*"],
  ["services", "*", "servers", "*"],
  ["services", "*"],
  ["nat", "destination", "*"],
  ["nat", "source", "*"],
  ["lab", "hosts", "*"],
  ["*"],
];

/** A server, its service and the section of the services, each of which can be wrong once the one before is gone. */
const maximumLooks = 3;

/** What is right in a topology file of which parts are wrong. */
export interface Remainder {
  readonly spec: WrittenTopology;
  /** The path in the file of what `path` leads to here. */
  written(path: Path): Path;
}

/**
 * Takes every part with a wrong value out, whole: a default in a wrong value's place would be a value that nobody
 * wrote, and could break rules. Null when nothing is left to read.
 */
export function remainderOf(value: unknown, issues: readonly z.core.$ZodIssue[]): Remainder | null {
  const broken = new Set<string>();
  let left: Left = { value, written: (path) => path };
  let wrong = issues;
  for (let look = 0; look < maximumLooks; look++) {
    for (const issue of wrong) {
      const part = partAt(left.written(pathOf(issue)));
      if (part === null) return null;
      broken.add(JSON.stringify(part));
    }
    left = without(value, broken);
    const parsed = remainingTopologySchema.safeParse(left.value);
    if (parsed.success) return { spec: parsed.data, written: left.written };
    wrong = parsed.error.issues;
  }
  return null;
}

/** The smallest part that holds what `path` leads to; null for the file as a whole. */
function partAt(path: Path): Path | null {
  const holds = (part: Path) =>
    part.length <= path.length && part.every((step, depth) => step === "*" || step === path[depth]);
  const part = parts.find(holds);
  return part === undefined ? null : path.slice(0, part.length);
}

interface Left {
  readonly value: unknown;
  written(path: Path): Path;
}

/** A copy without what the (JSON) paths in `broken` lead to. */
function without(whole: unknown, broken: ReadonlySet<string>): Left {
  /** For every list of the copy, the places of its elements before. */
  const places = new Map<unknown, readonly number[]>();
  const copy = (value: unknown, path: Path): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).flatMap(([key, inner]) => {
      const at = [...path, Array.isArray(value) ? Number(key) : key];
      return broken.has(JSON.stringify(at)) ? [] : [[key, copy(inner, at)] as const];
    });
    if (!Array.isArray(value)) return Object.fromEntries(kept);
    const list = kept.map(([, inner]) => inner);
    places.set(
      list,
      kept.map(([index]) => Number(index)),
    );
    return list;
  };
  const value = copy(whole, []);
  return {
    value,
    written: (path) => {
      let inner: unknown = value;
      return path.map((step) => {
        const before = typeof step === "number" ? places.get(inner)?.[step] : undefined;
        inner = typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined;
        return before ?? step;
      });
    },
  };
}
