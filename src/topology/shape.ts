import type { z } from "zod";
import type { Locator, Place } from "./locate.js";
import type { Path } from "./path.js";
import type { Problem } from "./problem.js";
import { quote } from "./quote.js";

type Issue = z.core.$ZodIssue;

/** What the schema found, in our words and with its place in the document. */
export const shapeProblems = (issues: readonly Issue[], document: Locator): Problem[] =>
  issues.flatMap((issue) => describe(issue, [], document));

function describe(issue: Issue, above: Path, document: Locator): Problem[] {
  const path = [...above, ...pathOf(issue)];
  switch (issue.code) {
    case "invalid_key":
      return issue.issues.slice(0, 1).map(({ message }) => shapeProblem(document.atKey(path), message));
    case "invalid_union": {
      // Either one value or a list: what is wrong is what the branch of the right type says.
      const branch = issue.errors.find((errors) => !isWrongType(errors));
      if (branch !== undefined) return branch.flatMap((inner) => describe(inner, path, document));
      return [shapeProblem(document.at(path), missingOr(issue.input, "must be one value or a list"))];
    }
    case "invalid_type":
      return [
        shapeProblem(document.at(path), missingOr(issue.input, wrongType(issue.expected, issue.input))),
      ];
    case "custom":
      return [shapeProblem(document.at(path), issue.message)];
    default:
      return [shapeProblem(document.at(path), missingOr(issue.input, issue.message))];
  }
}

/** Steps of an issue's path; a topology has no other keys than strings and numbers. */
export const pathOf = (issue: Issue): Path =>
  issue.path.map((step) => (typeof step === "number" ? step : String(step)));

const isWrongType = (errors: readonly Issue[]): boolean =>
  errors.some(({ code, path }) => code === "invalid_type" && path.length === 0);

const shapeProblem = (place: Place, message: string): Problem => ({
  rule: "schema",
  severity: "error",
  ...place,
  message,
});

const missingOr = (input: unknown, message: string): string => (input === undefined ? "is missing" : message);

function wrongType(expected: string, input: unknown): string {
  const wanted = new Map([
    ["object", "a map of keys"],
    ["record", "a map of keys"],
    ["array", "a list"],
    ["int", "a whole number"],
    ["number", "a whole number"],
    ["boolean", "true or false"],
  ]).get(expected);
  return `must be ${wanted ?? `a ${expected}`}${typeof input === "string" ? `, not ${quote(input)}` : ""}`;
}
