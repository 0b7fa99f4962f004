import { expect, test } from "vitest";
import { changedChains, restoreInput, spreadFor } from "../../../src/agent/spread/spread.js";
import type { ServerState } from "../../../src/observe/state.js";
import { exampleCluster } from "../../render/examples.js";

const cluster = exampleCluster("campus-routed");
const server = (name: string, up: boolean): ServerState => ({
  service: "openflow",
  name,
  up,
  status: up ? "UP" : "DOWN",
  sessions: 0,
  refused: false,
});

test("a dead server's buckets go to the others, in the service's own chain alone", () => {
  const before = spreadFor(
    cluster,
    4,
    ["c1", "c2", "c3"].map((name) => server(name, true)),
  );
  const after = spreadFor(cluster, 4, [server("c1", true), server("c2", false), server("c3", true)]);
  const changed = changedChains(before, after);
  expect(changed.map(({ name }) => name)).toEqual(["HOLDFAST-openflow"]);
  const input = restoreInput(changed);
  expect(input).toContain("*nat\n");
  expect(input).toContain(":HOLDFAST-openflow ");
  expect(input).not.toContain("10.0.2.12:6653");
});

test("servers that nobody has judged yet count as up", () => {
  const unknown = spreadFor(cluster, 4, []);
  expect(changedChains(unknown, spreadFor(cluster, 4, [server("c1", true)]))).toEqual([]);
});
