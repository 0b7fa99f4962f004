import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import type { RenderedFile } from "../../src/render/file.js";
import { renderCluster, renderNode } from "../../src/render/render.js";
import { exampleCluster, examples } from "./examples.js";

const goldenRoot = new URL("../golden/", import.meta.url).pathname;
const update = process.env.UPDATE_GOLDEN === "1";

describe.each(examples)("%s", (name) => {
  const cluster = exampleCluster(name);
  const tree = join(goldenRoot, name);
  if (update) rewrite(tree, renderCluster(cluster));

  test.each(cluster.nodes.map((node) => node.name))("every file of %s is the golden one", (node) => {
    const files = renderCluster(cluster).get(node) ?? [];
    for (const { path, body } of files) expect(body, path).toBe(readFileSync(join(tree, node, path), "utf8"));
    expect(files.map(({ path }) => path)).toEqual(filesBelow(join(tree, node)));
  });

  test("the golden tree has no other nodes", () => {
    expect(readdirSync(tree).sort()).toEqual(cluster.nodes.map((node) => node.name).sort());
  });

  test("the same cluster gives the same bytes, whatever was rendered before", () => {
    const again = exampleCluster(name);
    for (const node of [...again.nodes].reverse())
      expect(renderNode(again, node)).toEqual(renderCluster(cluster).get(node.name));
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
