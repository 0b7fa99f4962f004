import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type DifferenceName,
  type Distribution,
  differences,
  distributions,
  haproxyVersion,
  has,
  usual,
} from "../../src/render/engines.js";
import { renderCluster } from "../../src/render/render.js";
import { exampleCluster, examples } from "./examples.js";

/** What is otherwise than in test/golden/, which is for the usual distribution: those files alone. */
const goldenRoot = new URL("../golden-engines/", import.meta.url).pathname;
const names = Object.keys(distributions) as Distribution[];

if (process.env.UPDATE_GOLDEN === "1") rewrite();

describe.each(names)("%s", (distribution) => {
  test("every file of every example is the golden one, and those that differ are the ones that are kept", () => {
    const differing = differingFiles(distribution);
    for (const [path, body] of differing)
      expect(body, path).toBe(readFileSync(join(goldenRoot, distribution, path), "utf8"));
    expect(kept(distribution)).toEqual([...differing.keys()].sort());
  });
});

test("what a version has, every later one has, and no earlier one", () => {
  const first: Record<DifferenceName, [before: string, since: string]> = {
    keepsCapabilities: ["2.8.16", "2.9.0"],
    masterByOptionAlone: ["3.2.9", "3.3.1"],
  };
  for (const [name, [before, since]] of Object.entries(first)) {
    const difference = name as DifferenceName;
    expect([before, since, "10.0"].map((haproxy) => has({ haproxy }, difference))).toEqual([
      false,
      true,
      true,
    ]);
  }
  expect(Object.keys(first).sort()).toEqual(Object.keys(differences).sort());
});

test("each difference says where it is known from, and what was tried", () => {
  for (const { what, source, tried } of Object.values(differences))
    for (const text of [what, source, tried]) expect(text.length).toBeGreaterThan(10);
});

test.each([
  ["HAProxy version 2.6.12-1+deb12u4 2026/10/20 - https://haproxy.org/\nStatus: long-term", "2.6.12"],
  ["HAProxy version 3.0.11-1+deb13u4 2026/10/15 - https://haproxy.org/", "3.0.11"],
  ["HA-Proxy version 2.2.9-2+deb11u6 2023/08/23 - https://haproxy.org/", "2.2.9"],
  ["HAProxy version 3.5-dev2-1 2026/07/08", "3.5"],
  ["", null],
  ["HAProxy version unknown", null],
] as const)("%j is version %s", (says, version) => {
  expect(haproxyVersion(says)).toBe(version);
});

/** By `EXAMPLE/NODE/PATH`. */
function differingFiles(distribution: Distribution): Map<string, string> {
  return new Map(
    examples.flatMap((example) => {
      const cluster = exampleCluster(example);
      const plain = renderCluster(cluster, distributions[usual]);
      return [...renderCluster(cluster, distributions[distribution])].flatMap(([node, files]) => {
        const before = new Map(plain.get(node)?.map(({ path, body }) => [path, body]));
        return files
          .filter(({ path, body }) => before.get(path) !== body)
          .map(({ path, body }): [string, string] => [`${example}/${node}${path}`, body]);
      });
    }),
  );
}

function kept(distribution: Distribution): string[] {
  const root = join(goldenRoot, distribution);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

function rewrite(): void {
  rmSync(goldenRoot, { recursive: true, force: true });
  for (const distribution of names)
    for (const [path, body] of differingFiles(distribution)) {
      const file = join(goldenRoot, distribution, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, body);
    }
}
