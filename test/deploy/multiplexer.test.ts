import { expect, test } from "vitest";
import { remove } from "../../src/deploy/remove.js";
import { recover } from "../../src/deploy/undo.js";
import { paths } from "../../src/render/paths.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { commitFor, deploy, planFor } from "./deploying.js";
import { NodeInMemory } from "./node-in-memory.js";
import { inline, pair } from "./topologies.js";

async function deployed(cluster: Cluster): Promise<NodeInMemory> {
  const node = new NodeInMemory("lb-a");
  await deploy(node, cluster);
  return node;
}

/** What is done to services, in order, but for the agent. */
const served = async (node: NodeInMemory, cluster: Cluster): Promise<string[]> =>
  (await planFor(node, cluster)).steps.flatMap((step) =>
    "service" in step && step.service !== "holdfast-agent" ? [`${step.kind} ${step.service}`] : [],
  );

test("nobody has a multiplexer whose sessions nobody shares", async () => {
  const node = await deployed(pair);
  expect(await node.read(paths.multiplexerJson)).toBeNull();
  expect(node.running.has("holdfast-multiplexer")).toBe(false);
  expect(await served(node, pair)).toEqual([]);
});

test("it starts before the HAProxy that connects to it", async () => {
  const steps = await served(new NodeInMemory("lb-a"), inline());
  expect(steps).toContain("start holdfast-multiplexer");
  expect(steps.indexOf("start holdfast-multiplexer")).toBeLessThan(steps.indexOf("start haproxy"));
  const node = await deployed(pair);
  expect(await served(node, inline())).toContain("start holdfast-multiplexer");
  await deploy(node, inline());
  expect(node.running.has("holdfast-multiplexer")).toBe(true);
  expect(await planFor(node, inline())).toMatchObject({ isEmpty: true, drift: [] });
});

test("another pool has it read its file again before HAProxy hears of it, and the plan says whom that concerns", async () => {
  const node = await deployed(inline(2));
  const plan = await planFor(node, inline(3));
  expect((await served(node, inline(3)))[0]).toBe("reload holdfast-multiplexer");
  expect(plan.impact[0]).toMatch(
    /^The multiplexer reads its file again: sessions end and must reconnect whose/,
  );
  await deploy(node, inline(3));
  expect(node.loaded.get("holdfast-multiplexer")).toContain('"c3"');
});

test("another master controller concerns it alone, and the sessions that end are not said to go on", async () => {
  const node = await deployed(inline());
  expect(await served(node, inline(3, 6654))).toEqual(["reload holdfast-multiplexer"]);
  const { impact } = await planFor(node, inline(3, 6654));
  expect(impact.at(-1)).toBe("No other session dropped.");
});

test("it stops when HAProxy no longer connects to it, and does not come back at boot", async () => {
  const node = await deployed(inline());
  node.enabled.add("holdfast-multiplexer");
  expect((await served(node, pair)).at(-1)).toBe("stop holdfast-multiplexer");
  await deploy(node, pair);
  expect(node.running.has("holdfast-multiplexer")).toBe(false);
  expect(node.enabled.has("holdfast-multiplexer")).toBe(false);
  expect(await node.read(paths.multiplexerJson)).toBeNull();
});

test("one that does not run is started", async () => {
  const node = await deployed(inline());
  node.running.delete("holdfast-multiplexer");
  const plan = await planFor(node, inline());
  expect(plan.drift).toEqual(["holdfast-multiplexer does not run"]);
  expect(await served(node, inline())).toEqual(["start holdfast-multiplexer"]);
});

test("one that does not open a server's socket holds the change up, which is put back", async () => {
  const node = await deployed(inline(2));
  const before = node.state();
  node.deaf.add("holdfast-multiplexer");
  await expect(commitFor(node, inline(3))).rejects.toThrow("the multiplexer does not serve openflow/c3");
  expect(node.state()).toEqual(before);
});

test("a change that brings it and is not kept takes it away again", async () => {
  const node = await deployed(pair);
  const before = node.state();
  await commitFor(node, inline());
  await recover(node);
  expect(node.state()).toEqual(before);
  expect(node.running.has("holdfast-multiplexer")).toBe(false);
});

test("a machine that is no node any more has none", async () => {
  const node = await deployed(inline());
  node.enabled.add("holdfast-multiplexer");
  expect(await remove(node)).toEqual([]);
  expect(node.running.has("holdfast-multiplexer")).toBe(false);
  expect(node.enabled.has("holdfast-multiplexer")).toBe(false);
  expect(await node.read(paths.multiplexerJson)).toBeNull();
});
