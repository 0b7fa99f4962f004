import { readFileSync } from "node:fs";
import { loadTopology } from "../../src/topology/load.js";
import type { Problem } from "../../src/topology/problem.js";

export const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), "utf8");

/** A change of a text: what stands there exactly once, and what shall stand there instead. */
export type Edit = readonly [from: string, to: string];

/** An example with some edits; throws when what is edited is not there exactly once, so that no test goes stale. */
export const edited = (name: string, ...edits: readonly Edit[]): string =>
  edits.reduce((text, [from, to]) => {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${name} has ${parts.length - 1} times: ${from}`);
    return parts.join(to);
  }, example(name));

/** Errors as `LINE:COL path: message`. */
export const shown = (text: string): string[] =>
  loadTopology(text)
    .problems.filter(({ severity }) => severity === "error")
    .map(sentence);

export const sentence = ({ position, path, message }: Problem): string =>
  `${position.line}:${position.column} ${path}: ${message}`;
