import { expect, test } from "vitest";
import { generationPaths, manifestOf, parseManifest } from "../../src/deploy/generation.js";
import { readGeneration, readHistory } from "../../src/deploy/history.js";
import { historyDiff } from "../../src/deploy/history-diff.js";
import { readGenerations } from "../../src/deploy/present.js";
import { textDiff } from "../../src/deploy/text-diff.js";
import { recover } from "../../src/deploy/undo.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { commitFor, deploy } from "./deploying.js";
import { NodeInMemory } from "./node-in-memory.js";
import { pair } from "./topologies.js";

const note = (message: string) => ({
  author: "anna",
  message,
  program: "0.1.0",
  topology: `cluster: pair # ${message}\n`,
});

const moved = (port: number): Cluster => ({
  ...pair,
  services: pair.services.map((service) => ({ ...service, listen: { ...service.listen, port } })),
});

async function nodeWithThree(): Promise<NodeInMemory> {
  const node = new NodeInMemory("lb-a");
  await deploy(node, moved(7001), "lb-a", note("first"));
  await deploy(node, moved(7002), "lb-a", note("second"));
  await deploy(node, moved(7003), "lb-a", note("third"));
  return node;
}

async function within(node: NodeInMemory, number: number, name: string): Promise<string> {
  const [generation] = (await readGenerations(node)).filter((one) => one.number === number);
  if (generation === undefined) throw new Error(`there is no generation ${number}`);
  return `${generationPaths.of(generation)}/${name}`;
}

test("a node tells who made each of its generations and why, newest first, and which one runs", async () => {
  const { entries, damaged } = await readHistory(await nodeWithThree());
  expect(damaged).toEqual([]);
  expect(
    entries.map(({ number, author, message, program, current }) => [
      number,
      author,
      message,
      program,
      current,
    ]),
  ).toEqual([
    [3, "anna", "third", "0.1.0", true],
    [2, "anna", "second", "0.1.0", false],
    [1, "anna", "first", "0.1.0", false],
  ]);
});

test("the generation on trial says by when it must be confirmed", async () => {
  const confirmBy = "2026-11-23T02:12:00.000Z";
  const { entries } = await readHistory(await nodeWithThree(), { number: 3, confirmBy });
  expect(entries.map((entry) => entry.confirm_by)).toEqual([confirmBy, null, null]);
});

test("the topology is kept as it was written, readable by root alone", async () => {
  const node = await nodeWithThree();
  expect((await readGeneration(node, 2))?.topology).toBe("cluster: pair # second\n");
  expect(await node.status(await within(node, 2, "topology.yaml"))).toMatchObject({
    mode: 0o600,
    user: "root",
  });
  expect(await readGeneration(node, 9)).toBeNull();
});

test("an apply that is undone forgets no generation; one that is kept forgets the oldest of twenty", async () => {
  const node = new NodeInMemory("lb-a");
  for (let port = 7001; port <= 7020; port++) await deploy(node, moved(port));
  const numbers = async () => (await readHistory(node)).entries.map(({ number }) => number);
  const before = await numbers();
  expect(before.length).toBe(20);
  await commitFor(node, moved(7021));
  await recover(node);
  expect(await numbers()).toEqual(before);
  await deploy(node, moved(7021));
  expect(await numbers()).toEqual([21, ...before.slice(0, -1)]);
});

test("a damaged generation is told and does not hide the others", async () => {
  const node = await nodeWithThree();
  node.put(await within(node, 2, "manifest.json"), "{");
  node.put(await within(node, 1, "manifest.json"), '{"schema":"holdfast/generation/v1"}');
  const { entries, damaged } = await readHistory(node);
  await expect(readGeneration(node, 2)).rejects.toThrow("generation 2 is damaged: its manifest is not one");
  expect(entries.map(({ number }) => number)).toEqual([3]);
  expect(damaged).toEqual([
    "generation 1 is damaged: its manifest is not one",
    "generation 2 is damaged: its manifest is not one",
  ]);
});

test("a generation that an older program wrote is still read", async () => {
  const { author, message, program, ...older } = manifestOf({ number: 1, digest: "aa" }, [], 0);
  expect([author, message, program]).toEqual(["unknown", "", "unknown"]);
  expect(parseManifest(JSON.stringify(older))).toMatchObject({
    author: "unknown",
    message: "",
    program: "unknown",
  });
  const node = new NodeInMemory("lb-a");
  await deploy(node, pair);
  expect(await readGeneration(node, 1)).toMatchObject({ entry: { author: "unknown" }, topology: null });
});

test("between two generations stands a diff of what the operator wrote", () => {
  const [one, two] = ["a\nb\nc\n", "a\nB\nc\n"];
  expect(historyDiff({ number: 1, topology: one }, { number: 2, topology: two })).toBe(
    "--- generation 1/topology.yaml\n+++ generation 2/topology.yaml\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n",
  );
  expect(historyDiff({ number: 1, topology: one }, { number: 2, topology: one })).toBe("");
  expect(historyDiff({ number: 1, topology: null }, { number: 2, topology: "a\n" })).toContain(
    "--- /dev/null\n",
  );
});

test("a diff is never longer than 64 KiB and never takes long, whatever stands in a file", () => {
  const lines = (word: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${word} ${at}\n`).join("");
  const begun = performance.now();
  const all = textDiff(
    { name: "a", body: lines("left", 50_000) },
    { name: "b", body: lines("right", 50_000) },
  );
  expect(performance.now() - begun).toBeLessThan(500);
  expect(all).toContain("lines differ");
  const long = textDiff({ name: "a", body: "" }, { name: "b", body: lines("x".repeat(100), 1_500) });
  expect(long.length).toBeLessThan(66_000);
  expect(long).toMatch(/\n\(\d+ more lines\)\n$/);
});
