import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonSchema } from "../../src/topology/json-schema.js";
import { loadTopology } from "../../src/topology/load.js";
import { formatPath, type Path } from "../../src/topology/path.js";
import { topologyJsonSchema } from "../../src/topology/schema.js";
import { everyKey, oneFamily } from "./every-key.js";
import { fieldsOf } from "./fields.js";

const fields = [everyKey, oneFamily].flatMap(fieldsOf).filter(({ value }) => typeof value === "string");

/** What would break out of a configuration line, a template, a shell or a terminal. */
const poison = fc.constantFrom(
  ...[
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\t",
    " ",
    "\u0085",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u001b[31m",
    "\u007f",
    "\ud800",
    "é",
  ],
  ...['"', "'", "`", "$(reboot)", "$HOME", "{{x}}", "{{{", "#", "!", "|", "<", ">", "\\", "*", "^"],
  "a".repeat(10_000),
);

const hostile = fc
  .tuple(fc.constantFrom("", "a", "10.0.1.1", "1s", "/"), poison, fc.constantFrom("", "b", "2"))
  .map((parts) => parts.join(""));

test("a hostile string in any string field is refused at the place of that field", {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(fc.constantFrom(...fields), hostile, (field, text) => {
      const { cluster, problems } = loadTopology(field.holding(text));
      const places = problems.filter(({ severity }) => severity === "error").map(({ position }) => position);
      expect(cluster).toBeNull();
      expect(places).toContainEqual(field.position);
      // What is printed obeys nobody either: plain ASCII, and no page of it.
      expect(problems.filter(({ message, path }) => !/^[\x20-\x7e]{0,400}$/.test(message + path))).toEqual(
        [],
      );
    }),
    { numRuns: 600 },
  );
});

test("the document of these tests writes every string field of the schema", () => {
  const written = new Set(fields.map(({ path, isKey }) => pattern(path) + (isKey ? " (key)" : "")));
  expect([...written].sort()).toEqual([...new Set(stringPatterns(topologyJsonSchema()))].sort());
});

/** A path with `*` for every index and every name that an operator chooses. */
const pattern = (path: Path): string =>
  formatPath(path)
    .replace(/\[\d+\]/g, "[*]")
    .replace(/^networks\.[^.]+/, "networks.*")
    .replace(/interfaces\.[^.]+/, "interfaces.*");

function stringPatterns(schema: JsonSchema, path = ""): string[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((branch) => stringPatterns(branch, path));
  const { type, properties = {}, additionalProperties, items } = schema;
  return [
    ...(type === "string" ? [path] : []),
    ...Object.entries(properties).flatMap(([key, inner]) =>
      stringPatterns(inner, path === "" ? key : `${path}.${key}`),
    ),
    ...(typeof additionalProperties === "object"
      ? [`${path}.* (key)`, ...stringPatterns(additionalProperties, `${path}.*`)]
      : []),
    ...(items === undefined ? [] : stringPatterns(items, `${path}[*]`)),
  ];
}
