import { readDocument, type TopologyDocument } from "./document.js";
import type { Problem } from "./problem.js";
import { topologySchema, type WrittenTopology } from "./schema.js";
import { pathOf, shapeProblems } from "./shape.js";
import { readAsMeant } from "./unknown-keys.js";

export interface ParseResult {
  readonly problems: readonly Problem[];
  /** What the rules can be asked about; null while the shape is wrong. */
  readonly topology: { readonly spec: WrittenTopology; readonly document: TopologyDocument } | null;
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
    if (parsed.success) return { problems, topology: { spec: parsed.data, document } };
    const unknown = parsed.error.issues.flatMap((issue) =>
      issue.code === "unrecognized_keys" ? [{ path: pathOf(issue), keys: issue.keys }] : [],
    );
    if (unknown.length === 0) {
      problems.push(...shapeProblems(parsed.error.issues, document));
      break;
    }
    problems.push(...readAsMeant(unknown, document));
  }
  return { problems, topology: null };
}
