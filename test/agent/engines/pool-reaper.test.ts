import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { PoolReaper } from "../../../src/agent/engines/pool-reaper.js";
import { parseServers } from "../../../src/observe/haproxy.js";
import { haproxy as template } from "../../../src/render/haproxy.js";
import { nodeNamed } from "../../../src/topology/select.js";
import { HaproxyInMemory } from "../../deploy/haproxy-in-memory.js";
import { pair } from "../../deploy/topologies.js";
import { FakeHost } from "../../host/fake-host.js";

const settings = "10.0.2.99:6653 id 5 weight 1 check";

function scene() {
  const haproxy = new HaproxyInMemory();
  haproxy.load(template.render(pair, nodeNamed(pair, "lb-a")));
  haproxy.ask(`add server openflow/c9 ${settings}; set server openflow/c9 state drain`);
  const host = new FakeHost("lb-a");
  host.faults.ask = (_socket, request) => haproxy.ask(request);
  const said: string[] = [];
  const reaper = new PoolReaper(host, pair, {
    deleted: (server) => said.push(`deleted ${server}`),
    failed: (why) => said.push(`failed ${why}`),
  });
  /** As HaproxyWatch does, five times a second. */
  const watch = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 200) {
      reaper.servers(parseServers(haproxy.ask("show stat -1 4 -1")));
      await sleep(200);
    }
  };
  return { haproxy, said, watch };
}

test("a server that was removed is deleted once its last session has ended, and no earlier", async () => {
  const { haproxy, said, watch } = scene();
  const leaving = haproxy.server("openflow", "c9");
  if (leaving !== undefined) leaving.sessions = 1;
  await watch(1_600);
  expect(haproxy.server("openflow", "c9")).toBeDefined();
  if (leaving !== undefined) leaving.sessions = 0;
  await watch(1_600);
  expect(said).toEqual(["deleted openflow/c9"]);
  expect(haproxy.server("openflow", "c9")).toBeUndefined();
});

test("servers of the topology and servers that take new sessions stay, whatever somebody did to them", async () => {
  const { haproxy, said, watch } = scene();
  haproxy.ask("set server openflow/c1 state drain; set server openflow/c9 state ready");
  await watch(1_600);
  expect(said).toEqual([]);
  expect(haproxy.server("openflow", "c1")).toBeDefined();
  expect(haproxy.server("openflow", "c9")).toBeDefined();
});

test("a server that HAProxy does not delete drains on", async () => {
  const { haproxy, said, watch } = scene();
  haproxy.refuses = "del server";
  await watch(1_400);
  expect(said).toEqual(["failed openflow/c9: Unable to do that."]);
  expect(haproxy.server("openflow", "c9")).toMatchObject({ admin: 8 });
});
