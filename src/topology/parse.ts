import { readDocument, type TopologyDocument } from "./document.js";
import type { Problem } from "./problem.js";
import { topologySchema, type WrittenTopology } from "./schema.js";
import { shapeProblems } from "./shape.js";

export type ParseResult =
  | { readonly ok: true; readonly spec: WrittenTopology; readonly document: TopologyDocument }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a topology file's text: YAML, then shape. What it means is for the rules. */
export function parseTopology(text: string): ParseResult {
  const read = readDocument(text);
  if ("problems" in read) return { ok: false, problems: read.problems };
  const parsed = topologySchema.safeParse(read.document.value, { reportInput: true });
  if (parsed.success) return { ok: true, spec: parsed.data, document: read.document };
  return { ok: false, problems: shapeProblems(parsed.error.issues, read.document) };
}
