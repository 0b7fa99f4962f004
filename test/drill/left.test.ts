import { expect, test } from "vitest";
import { leftBehind } from "../../src/drill/left.js";
import type { NodeState } from "../../src/observe/state.js";

const state = (more: Partial<NodeState>): NodeState => ({
  ...{ name: "lb-a", role: "standby", owned: [], drifts: [], yielding: false, healthy: true, agent: null },
  ...{ rules: { missing: [], unexpected: [] }, generation: { number: 1, digest: "abc" } },
  keepalived: { process: "running", instances: [] },
  haproxy: { process: "running", servers: [] },
  ...more,
});

test("a calm cluster has nothing left behind", () => {
  const active = state({ name: "lb-b", role: "active", owned: ["10.0.1.100"] });
  expect(leftBehind([state({}), active])).toEqual([]);
});

test("an address of a standby, a mix of generations, rules and files that differ are told, each where it is", () => {
  const left = leftBehind([
    state({ owned: ["10.0.1.100"], drifts: ["/etc/haproxy/haproxy.cfg differs"] }),
    state({
      ...{ name: "lb-b", role: "active", yielding: true, generation: { number: 2, digest: "def" } },
      rules: { missing: ["-A HOLDFAST-INPUT -j DROP"], unexpected: ["-A HOLDFAST-FORWARD -j ACCEPT"] },
    }),
  ]);
  expect(left).toEqual([
    "the nodes run different generations",
    "lb-a has 10.0.1.100 and is not active",
    "lb-a: /etc/haproxy/haproxy.cfg differs",
    "lb-b lacks a rule: -A HOLDFAST-INPUT -j DROP",
    "lb-b has a rule that is nobody's: -A HOLDFAST-FORWARD -j ACCEPT",
    "lb-b is active and asked to yield",
  ]);
});
