import { describe, expect, test } from "vitest";
import { loadTopology } from "../../../src/topology/load.js";
import type { Rule } from "../../../src/topology/rule.js";
import { edited, sentence } from "../examples.js";
import type { RuleCase } from "./cases.js";

/** Tests every rule that a file of src/topology/rules exports with the case of the same export name. */
export function describeRules<Names extends string>(
  file: Readonly<Record<Names, Rule>>,
  cases: Readonly<Record<Names, RuleCase>>,
): void {
  for (const [export_, rule] of Object.entries<Rule>(file)) {
    const { example, broken, findings, legal } = cases[export_ as Names];
    const found = (edits: RuleCase["broken"]) => loadTopology(edited(example, ...edits)).problems;
    describe(rule.name, () => {
      test("finds what breaks it, at its place", () => {
        const problems = found(broken).filter((problem) => problem.rule === rule.name);
        expect(problems.map(sentence)).toEqual(findings);
        expect(problems.every(({ severity }) => severity === rule.severity)).toBe(true);
      });
      test("accepts what is next to it", () => {
        expect(
          found(legal).filter((problem) => problem.rule === rule.name || problem.severity === "error"),
        ).toEqual([]);
      });
    });
  }
}
