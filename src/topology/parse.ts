import { readDocument, type TopologyDocument } from "./document.js";
import type { Locator } from "./locate.js";
import type { Problem } from "./problem.js";
import { type Remainder, remainderOf } from "./remainder.js";
import { topologySchema, type WrittenTopology } from "./schema.js";
import { pathOf, shapeProblems } from "./shape.js";
import { readAsMeant } from "./unknown-keys.js";

export interface ParseResult {
  readonly problems: readonly Problem[];
  /** What the rules can be asked about; null when the shape leaves nothing to read. */
  readonly topology: ParsedTopology | null;
}

export interface ParsedTopology {
  readonly spec: WrittenTopology;
  /** Finds what a path of `spec` leads to in the file. */
  readonly places: Pick<Locator, "at" | "atKey">;
  /** Whether all of the file is in `spec`; otherwise only the parts without a wrong value. */
  readonly isWhole: boolean;
}

/** Unknown keys inside of what an unknown key was meant to be need another look; a hostile file gets no more. */
const maximumLooks = 8;

/** Reads a topology file's text: YAML, then shape. What it means is for the rules. */
export function parseTopology(text: string): ParseResult {
  const read = readDocument(text);
  if ("problems" in read) return { problems: read.problems, topology: null };
  const { document } = read;
  const problems: Problem[] = [];
  for (let look = 0; look < maximumLooks; look++) {
    const parsed = topologySchema.safeParse(document.value, { reportInput: true });
    if (parsed.success) return { problems, topology: { spec: parsed.data, places: document, isWhole: true } };
    const { issues } = parsed.error;
    const unknown = issues.flatMap((issue) =>
      issue.code === "unrecognized_keys" ? [{ path: pathOf(issue), keys: issue.keys }] : [],
    );
    if (unknown.length === 0) {
      const remainder = remainderOf(document.value, issues);
      return {
        problems: [...problems, ...shapeProblems(issues, document)],
        topology: remainder && remaining(remainder, document),
      };
    }
    problems.push(...readAsMeant(unknown, document));
  }
  return { problems, topology: null };
}

const remaining = ({ spec, written }: Remainder, document: TopologyDocument): ParsedTopology => ({
  spec,
  places: { at: (path) => document.at(written(path)), atKey: (path) => document.atKey(written(path)) },
  isWhole: false,
});
