import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { historyHandlers } from "../../../src/agent/daemon/history-handlers.js";
import type { AgentClient } from "../../../src/fleet/client.js";
import { deploy } from "../../deploy/deploying.js";
import { NodeInMemory } from "../../deploy/node-in-memory.js";
import { pair } from "../../deploy/topologies.js";
import { Cluster } from "../server/cluster.js";
import { handlersWith } from "../server/handlers.js";

/** The API and its certificates are real, what it answers from stands in memory. */
let campus: Cluster;
let bert: AgentClient;

beforeEach(async () => {
  const host = new NodeInMemory("lb-a");
  for (const [index, servers] of ["c1", "c1, c2", "c1, c2, c3"].entries())
    await deploy(
      host,
      { ...pair, services: pair.services.map((one) => ({ ...one, name: `openflow-${index}` })) },
      "lb-a",
      { author: "anna", message: "", program: "0.1.0", topology: `cluster: pair\nservers: [${servers}]\n` },
    );
  const own = { record: async () => null, ending: false };
  campus = await new Cluster().start({
    handlers: handlersWith(historyHandlers({ node: "lb-a", host, own, inMaintenance: () => false })),
  });
  bert = campus.client(await campus.issue("bert", "viewer"));
});
afterEach(() => campus.stop());

describe("what a generation changed", () => {
  const diff = (number: number, from?: number) =>
    bert.call("generationDiff", { params: { number }, ...(from === undefined ? {} : { query: { from } }) });

  test("is told to a viewer, against the one before it", async () => {
    const { number, from, diff: text } = await diff(3);
    expect({ number, from }).toEqual({ number: 3, from: 2 });
    expect(text.split("\n").slice(3)).toEqual([
      " cluster: pair",
      "-servers: [c1, c2]",
      "+servers: [c1, c2, c3]",
      "",
    ]);
  });

  test("is told against any other: what bringing back an older one would change", async () => {
    expect((await diff(1, 3)).diff).toMatch(/^-servers: \[c1, c2, c3\]\n\+servers: \[c1\]$/m);
    expect((await diff(3, 3)).diff).toBe("");
  });

  test("is all of it where there is none before", async () => {
    expect(await diff(1)).toMatchObject({ from: null, diff: expect.stringContaining("+++ generation 1/") });
  });

  test("is refused for one that this node does not have", async () => {
    await expect(diff(9)).rejects.toThrow(/no topology of generation 9/);
    await expect(diff(3, 9)).rejects.toThrow(/no topology of generation 9/);
  });
});
