import { expect, test } from "vitest";
import type { JsonSchema } from "../../src/topology/json-schema.js";
import { topologyJsonSchema } from "../../src/topology/schema.js";

const schema = topologyJsonSchema() as JsonSchema & Record<string, unknown>;

test("the schema is JSON Schema draft 7, as editors read it", () => {
  expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
  expect(schema).toMatchObject({ type: "object", additionalProperties: false });
});

test("every key has a description, and every optional one says its default", () => {
  const keys = [...properties(schema)];
  expect(keys.length).toBeGreaterThan(70);
  expect(keys.filter(({ property }) => !property.description).map(({ path }) => path)).toEqual([]);
  const silent = keys.filter(
    ({ property, required }) =>
      !required &&
      !("default" in property) &&
      !/default|^Name of the virtual IP|^Name of the |^The address/i.test(property.description ?? ""),
  );
  expect(silent.map(({ path }) => path)).toEqual([]);
});

test.each([
  ["failover.advert_interval", "40s"],
  ["networks.*.virtual_router_id", "255"],
  ["services[*].health_check.expect", "599"],
])("the description of %s says its range", (path, end) => {
  expect([...properties(schema)].find((key) => key.path === path)?.property.description).toContain(end);
});

interface Key {
  readonly path: string;
  readonly property: JsonSchema;
  readonly required: boolean;
}

function* properties(of: JsonSchema, path = ""): Generator<Key> {
  const required = (of as { required?: string[] }).required ?? [];
  for (const [name, property] of Object.entries(of.properties ?? {})) {
    const inner = path === "" ? name : `${path}.${name}`;
    yield { path: inner, property, required: required.includes(name) };
    yield* properties(property, inner);
  }
  if (typeof of.additionalProperties === "object") yield* properties(of.additionalProperties, `${path}.*`);
  if (of.items !== undefined) yield* properties(of.items, `${path}[*]`);
}
