import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import type { RenderedFile } from "../../src/render/file.js";
import { renderCluster, renderMachine } from "../../src/render/render.js";
import { machineNames, machinesOf } from "../../src/topology/machines.js";
import { exampleCluster, examples, vpnExamples } from "./examples.js";

const goldenRoot = new URL("../golden/", import.meta.url).pathname;
const update = process.env.UPDATE_GOLDEN === "1";

describe.each([...examples, ...vpnExamples])("%s", (name) => {
  const cluster = exampleCluster(name);
  const tree = join(goldenRoot, name);
  if (update) rewrite(tree, renderCluster(cluster));

  test.each(machineNames(cluster))("every file of %s is the golden one", (node) => {
    const files = renderCluster(cluster).get(node) ?? [];
    for (const { path, body } of files) expect(body, path).toBe(readFileSync(join(tree, node, path), "utf8"));
    expect(files.map(({ path }) => path)).toEqual(filesBelow(join(tree, node)));
  });

  test("the golden tree has no other machines", () => {
    expect(readdirSync(tree).sort()).toEqual(machineNames(cluster).sort());
  });

  test("the same cluster gives the same bytes, whatever was rendered before", () => {
    const again = exampleCluster(name);
    for (const machine of machinesOf(again).reverse())
      expect(renderMachine(again, machine)).toEqual(renderCluster(cluster).get(machine.name));
  });
});

function rewrite(tree: string, nodes: ReadonlyMap<string, readonly RenderedFile[]>): void {
  rmSync(tree, { recursive: true, force: true });
  for (const [node, files] of nodes)
    for (const { path, body } of files) {
      mkdirSync(dirname(join(tree, node, path)), { recursive: true });
      writeFileSync(join(tree, node, path), body);
    }
}

/** As absolute paths of the node, sorted. */
const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `/${relative(root, join(entry.parentPath, entry.name))}`)
    .sort();
