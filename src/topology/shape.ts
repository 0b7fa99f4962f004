import type { z } from "zod";
import type { TopologyDocument } from "./document.js";
import { type JsonSchema, keysAt } from "./json-schema.js";
import type { Path } from "./path.js";
import type { Problem } from "./problem.js";
import { quote } from "./quote.js";
import { topologyJsonSchema } from "./schema.js";
import { didYouMean } from "./suggest.js";

type Issue = z.core.$ZodIssue;

/** What the schema found, in our words and with its place in the document. */
export function shapeProblems(issues: readonly Issue[], document: TopologyDocument): Problem[] {
  let jsonSchema: JsonSchema | undefined;
  const keys = (path: Path): string[] => {
    jsonSchema ??= topologyJsonSchema();
    return keysAt(jsonSchema, path);
  };
  const describe = (issue: Issue, above: Path): Problem[] => {
    const path: Path = [
      ...above,
      ...issue.path.map((step) => (typeof step === "number" ? step : String(step))),
    ];
    if (issue.code === "unrecognized_keys") {
      const known = keys(path);
      return issue.keys.map((key) =>
        shapeProblem(document.atKey([...path, key]), `unknown key${didYouMean(key, known)}`),
      );
    }
    if (issue.code === "invalid_key")
      return issue.issues.slice(0, 1).map((inner) => shapeProblem(document.atKey(path), inner.message));
    if (issue.code === "invalid_union") {
      const branch = issue.errors.find((errors) => !isWrongType(errors)) ?? [];
      if (branch.length > 0) return branch.flatMap((inner) => describe(inner, path));
      return [shapeProblem(document.at(path), missingOr(issue.input, "must be one value or a list"))];
    }
    if (issue.code === "invalid_type")
      return [
        shapeProblem(
          document.at(path),
          missingOr(issue.input, `must be ${article(issue.expected)}`, issue.input),
        ),
      ];
    return [
      shapeProblem(
        document.at(path),
        issue.input === undefined && issue.code !== "custom" ? "is missing" : issue.message,
      ),
    ];
  };
  return issues.flatMap((issue) => describe(issue, []));
}

const isWrongType = (errors: readonly Issue[]): boolean =>
  errors.some((error) => error.code === "invalid_type" && error.path.length === 0);

const shapeProblem = (place: Pick<Problem, "path" | "position">, message: string): Problem => ({
  rule: "schema",
  severity: "error",
  ...place,
  message,
});

const missingOr = (input: unknown, message: string, shown?: unknown): string => {
  if (input === undefined) return "is missing";
  return typeof shown === "string" ? `${message}, not ${quote(shown)}` : message;
};

const article = (expected: string): string => {
  if (expected === "object" || expected === "record") return "a map of keys";
  if (expected === "array") return "a list";
  return expected === "int" || expected === "number" ? "a whole number" : `a ${expected}`;
};
