import { expect, test } from "vitest";
import { openApi } from "../../../src/agent/server/openapi.js";
import type { Route } from "../../../src/api/route.js";
import { routes } from "../../../src/api/routes.js";

const document = JSON.parse(JSON.stringify(openApi(routes, "1.2.3")));
const table: readonly [string, Route][] = Object.entries(routes);
const operation = ({ path, method }: Route) =>
  document.paths[path.replace(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()];

test("the document is OpenAPI 3.1 with each route once", () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.info.version).toBe("1.2.3");
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path as object));
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(routes).sort());
});

test.each(table)("%s says who may ask, with what, and what comes back", (name, route) => {
  const { operationId, security, parameters = [], requestBody, responses } = operation(route);
  expect(operationId).toBe(name);
  const sessions = route.role === "node" ? [] : [{ session: [] }];
  expect(security).toEqual(route.role === null ? [] : [{ certificate: [] }, ...sessions]);
  const inPath = parameters.filter((parameter: { in: string }) => parameter.in === "path");
  expect(inPath.map((parameter: { name: string }) => `:${parameter.name}`)).toEqual(
    route.path.match(/:\w+/g) ?? [],
  );
  for (const { schema, required } of parameters) {
    expect(Object.keys(schema).length).toBeGreaterThan(0);
    expect(typeof required).toBe("boolean");
  }
  expect(requestBody === undefined).toBe(route.body === undefined);
  if (requestBody !== undefined)
    expect(requestBody.content["application/json"].schema.additionalProperties).toBe(false);
  expect(Object.keys(responses["200"].content)).toHaveLength(1);
  expect(responses.default.content["application/json"].schema.$ref).toBe("#/components/schemas/Error");
});

test("every reference leads somewhere", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
  for (const [, path = ""] of references) {
    const target = path.split("/").reduce((node, key) => node?.[key], document);
    expect(target, path).toBeDefined();
  }
});
