import { readFileSync } from "node:fs";
import { loadTopology } from "../../src/topology/load.js";
import type { Problem } from "../../src/topology/problem.js";

export const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), "utf8");

/** An example in which some whole lines read otherwise; throws when a line is not there, so that no test goes stale. */
export function withLines(name: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((text, [from, to]) => {
    const [before, ...after] = text.split(`\n${from}\n`);
    if (before === undefined || after.length !== 1)
      throw new Error(`${name} has not exactly one line ${from}`);
    return `${before}\n${to}\n${after.join("")}`;
  }, example(name));
}

/** Errors as `LINE:COL path: message`. */
export const shown = (text: string): string[] =>
  loadTopology(text)
    .problems.filter(({ severity }) => severity === "error")
    .map(sentence);

export const sentence = ({ position, path, message }: Problem): string =>
  `${position.line}:${position.column} ${path}: ${message}`;
