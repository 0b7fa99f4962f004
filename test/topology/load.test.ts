import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadTopology } from "../../src/topology/load.js";

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), "utf8");

test.each(["pair", "campus-routed", "dual-stack"])("the example %s is a valid topology", (name) => {
  const { cluster, problems } = loadTopology(example(name));
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(cluster).toMatchSnapshot();
});
