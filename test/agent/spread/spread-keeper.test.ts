import { expect, test } from "vitest";
import { SpreadKeeper } from "../../../src/agent/spread/spread-keeper.js";
import type { ServerState } from "../../../src/observe/state.js";
import { FakeHost } from "../../host/fake-host.js";
import { exampleCluster } from "../../render/examples.js";

const words = (...down: readonly string[]): ServerState[] =>
  ["c1", "c2", "c3"].map((name) => {
    const up = !down.includes(name);
    return { service: "openflow", name, up, status: up ? "UP" : "DOWN", sessions: 0, refused: false };
  });

function keeper() {
  const host = new FakeHost("lb-a");
  const failures: string[] = [];
  const on = { loaded: () => undefined, failed: (why: string) => void failures.push(why) };
  const loads = () => host.told.filter((told) => told.startsWith("run iptables-restore")).length;
  return { keeper: new SpreadKeeper(host, exampleCluster("campus-routed"), on), loads };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("while a node is changed the rules of before are not loaded again, whatever HAProxy says", async () => {
  const { keeper: spread, loads } = keeper();
  spread.servers(words());
  await settled();
  expect(loads()).toBe(1);
  await spread.hold();
  spread.servers(words("c2"));
  await settled();
  expect(loads()).toBe(1);
  spread.release();
  spread.servers(words("c2"));
  await settled();
  expect(loads()).toBe(2);
});

test("after a change every chain is loaded once more: nobody knows what stands there", async () => {
  const { keeper: spread, loads } = keeper();
  spread.servers(words());
  await settled();
  await spread.hold();
  spread.release();
  spread.servers(words());
  await settled();
  expect(loads()).toBe(2);
});
