import { describe, expect, test } from "vitest";
import { readiness } from "../../src/drill/situation.js";
import { vantageOf } from "../../src/drill/vantage.js";
import type { NodeState } from "../../src/observe/state.js";
import type { Service } from "../../src/topology/cluster.js";
import { serviceNamed } from "../../src/topology/select.js";
import { campus } from "./campus.js";

const node = (name: string, role: NodeState["role"], healthy = true): NodeState => ({
  name,
  role,
  keepalived: { process: "running", instances: [] },
  owned: [],
  haproxy: { process: "running", servers: [] },
  rules: { missing: [], unexpected: [] },
  drifts: [],
  agent: { faults: [], peersReady: [], why: "fit" },
  yielding: false,
  generation: null,
  healthy,
});

describe("a cluster can take a fault", () => {
  test("when one node is active and the other stands by, whichever way round", () => {
    const states = [node("lb-a", "standby"), node("lb-b", "active")];
    expect(readiness(campus, states)).toEqual({ ready: true, active: "lb-b", standby: "lb-a" });
  });

  test.each([
    [[node("lb-a", "active"), node("lb-b", "active")], "lb-a and lb-b are both active"],
    [[node("lb-a", "standby"), node("lb-b", "standby")], "no node is active"],
    [[node("lb-a", "active"), node("lb-b", "down", false)], "lb-b is not ready (down)"],
    [[node("lb-a", "active"), node("lb-b", "standby", false)], "lb-b is not ready (standby)"],
    [[node("lb-a", "active")], "no node stands by"],
  ])("but not otherwise, and it says why (%#)", (states, reason) => {
    expect(readiness(campus, states)).toEqual({ ready: false, reason });
  });
});

describe("the switches' place", () => {
  const openflow: Service = serviceNamed(campus, "openflow");

  test("is the network of the virtual IP", () => {
    expect(vantageOf(campus, openflow)).toEqual({
      machine: "client-switches",
      address: "10.0.1.100",
      port: 6653,
      greeting: "openflow",
    });
  });

  test("is behind the router, and the address the captured one, where the topology has them", () => {
    const routed = {
      ...campus,
      routes: [
        {
          destination: { family: 4 as const, address: "192.168.10.0", prefix: 24 },
          via: "10.0.1.1",
          network: "switches",
        },
      ],
      nat: {
        source: [],
        destination: [
          { inbound: "switches", family: 4 as const, address: "10.0.2.10", port: 6653, service: "openflow" },
        ],
      },
    };
    expect(vantageOf(routed, openflow)).toMatchObject({
      machine: "client-behind-router",
      address: "10.0.2.10",
    });
  });
});
