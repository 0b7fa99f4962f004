import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { endings, OwnHalves } from "../../../src/agent/release/own-halves.js";
import type { ServerState } from "../../../src/observe/state.js";
import { FakeHost } from "../../host/fake-host.js";
import { exampleCluster } from "../../render/examples.js";

const cluster = exampleCluster("pair");
const server = (service: string, name: string): ServerState => ({
  ...{ service, name, up: true, status: "UP", sessions: 1, refused: false },
});
const servers = [server("openflow", "c1"), server("openflow", "removed"), server("other", "c1")];

function scene() {
  const host = new FakeHost("lb-a");
  const asked: string[] = [];
  const state = { served: false, refusals: 0 };
  host.faults.ask = (_, request) => {
    if (state.refusals-- > 0) return new Error("connection refused");
    asked.push(request);
    return "\n";
  };
  const failures: string[] = [];
  const halves = new OwnHalves(host, cluster, {
    servers: () => servers,
    isServed: () => state.served,
    failed: (why) => failures.push(why),
  });
  return { halves, asked, state, failures };
}

const all = "shutdown sessions server openflow/c1; shutdown sessions server openflow/removed\n";

test("once another node owns the virtual IP, all sessions that came by it end, those of draining servers too", async () => {
  const { halves, asked, state } = scene();
  halves.lost("switches");
  halves.heard();
  expect(asked).toEqual([]);
  state.served = true;
  halves.heard();
  halves.heard();
  expect(asked).toEqual([all]);
});

test("a role that comes back before anybody else has it ends no session", () => {
  const { halves, asked, state } = scene();
  halves.lost("switches");
  halves.took("switches");
  state.served = true;
  halves.heard();
  expect(asked).toEqual([]);
});

test("a HAProxy that does not answer is asked again", async () => {
  const { halves, asked, state, failures } = scene();
  Object.assign(state, { served: true, refusals: 2 });
  halves.lost("switches");
  await expect.poll(() => asked, { timeout: 5_000 }).toEqual([all]);
  expect(failures).toEqual([]);
});

test("a network without a proxy service, and a name that is none, end nothing", async () => {
  const { halves, asked, state } = scene();
  state.served = true;
  halves.lost("controllers");
  halves.heard();
  await sleep(0);
  expect(asked).toEqual([]);
  expect(endings(cluster, "switches", [server("openflow", "c1; shutdown sessions server x/y")])).toEqual([]);
});
