import { describe, expect, test } from "vitest";
import { type Candidate, planSwitchover } from "../../src/fleet/switchover-plan.js";
import type { NodeState } from "../../src/observe/state.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { campus } from "../drill/campus.js";

const node = (name: string, role: NodeState["role"], unfit: string | null = null): Candidate => ({
  name,
  role,
  unfit,
});

const [first, second] = campus.nodes;
const three: Cluster = {
  ...campus,
  nodes: [...campus.nodes, { name: "lb-c", priority: 189, interfaces: second?.interfaces ?? [] }],
};

describe("a planned move", () => {
  test("goes to the most preferred standby unless told otherwise", () => {
    const states = [node("lb-a", "active"), node("lb-b", "standby"), node("lb-c", "standby")];
    expect(planSwitchover(three, states, null)).toEqual({ from: "lb-a", to: "lb-b", aside: [] });
  });

  test("to a less preferred node makes those before it stand aside", () => {
    const states = [node("lb-a", "active"), node("lb-b", "standby"), node("lb-c", "standby")];
    expect(planSwitchover(three, states, "lb-c")).toEqual({ from: "lb-a", to: "lb-c", aside: ["lb-b"] });
  });

  test("is refused when the standby could not serve", () => {
    const states = [node("lb-a", "active"), node("lb-b", "standby", "HAProxy is dead")];
    expect(() => planSwitchover(campus, states, null)).toThrow(
      "no standby is ready (lb-b: HAProxy is dead): nothing was moved",
    );
    expect(() => planSwitchover(campus, states, "lb-b")).toThrow(
      "lb-b is not ready: HAProxy is dead; ready to take over: none",
    );
  });

  test("cannot be forced on a node whose agent is silent, and says what can be done", () => {
    const states = [node("lb-a", "active")];
    const cure = "bring back the agent of lb-b, or stop keepalived on lb-a";
    expect(() => planSwitchover(campus, states, "lb-b", true)).toThrow(cure);
    expect(() => planSwitchover(campus, states, null, true)).toThrow(cure);
    expect(() => planSwitchover(campus, states, "lb-b")).toThrow(
      /^lb-b is not ready: it does not answer; [^\n]*$/,
    );
  });

  test("is refused to a node that is active already, or that there is not", () => {
    const states = [node("lb-a", "active"), node("lb-b", "standby")];
    expect(() => planSwitchover(campus, states, "lb-a")).toThrow("lb-a is active already");
    expect(() => planSwitchover(campus, states, "lb-x")).toThrow("no node lb-x; ready to take over: lb-b");
  });

  test("is refused while two nodes are active, or none", () => {
    expect(() => planSwitchover(campus, [node("lb-a", "active"), node("lb-b", "active")], null)).toThrow(
      "2 nodes",
    );
    expect(() => planSwitchover(campus, [node("lb-a", "down"), node("lb-b", "standby")], null)).toThrow(
      "0 nodes",
    );
  });

  test("is refused where preemption would undo it", () => {
    const preempting = { ...campus, failover: { ...campus.failover, preempt: true } };
    const states = [node("lb-a", "active"), node("lb-b", "standby")];
    expect(() => planSwitchover(preempting, states, null)).toThrow(
      `${first?.name} would take the virtual IPs back`,
    );
    const back = [node("lb-a", "standby"), node("lb-b", "active")];
    expect(planSwitchover(preempting, back, null)).toMatchObject({ to: "lb-a" });
  });
});
