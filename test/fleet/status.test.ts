import { describe, expect, test } from "vitest";
import { statusText } from "../../src/cli/status-text.js";
import { mergeStatus, nothingSeen } from "../../src/fleet/status.js";
import { nodeDown } from "../../src/observe/node.js";
import type { NodeState } from "../../src/observe/state.js";
import { exampleCluster } from "../render/examples.js";

const cluster = exampleCluster("pair");
const both = ["10.0.1.100", "10.0.2.1"];

const node = (name: string, role: "active" | "standby", changes: Partial<NodeState> = {}) => ({
  state: {
    ...nodeDown(name),
    role,
    owned: role === "active" ? both : [],
    haproxy: {
      process: "running" as const,
      servers: ["c1", "c2", "c3"].map((server) => ({
        service: "openflow",
        name: server,
        up: server !== "c3",
        status: server === "c3" ? "DOWN" : "UP",
        sessions: role === "active" ? 40 : 0,
        refused: false,
      })),
    },
    agent: { faults: [], peersReady: [], why: "fit" },
    ...changes,
  },
  natSessions: new Map(),
});

describe("the status of a cluster", () => {
  test("is healthy with one owner for each address, every node fit, and a server up", () => {
    const status = mergeStatus(cluster, [node("lb-a", "active"), node("lb-b", "standby")]);
    expect(status.healthy).toBe(true);
    expect(status.virtual_ips.map(({ owners }) => owners)).toEqual([["lb-a"], ["lb-a"]]);
    expect(status.services[0]).toMatchObject({ name: "openflow", sessions: 120 });
  });

  test("names both owners of an address, which is not healthy", () => {
    const status = mergeStatus(cluster, [
      node("lb-a", "active"),
      node("lb-b", "standby", { owned: ["10.0.1.100"] }),
    ]);
    expect(status.healthy).toBe(false);
    expect(status.virtual_ips[0]?.owners).toEqual(["lb-a", "lb-b"]);
  });

  test("is not healthy while a node has a fault", () => {
    const broken = node("lb-b", "standby", {
      agent: { faults: ["haproxy-gone"], peersReady: [], why: "fit" },
    });
    expect(mergeStatus(cluster, [node("lb-a", "active"), broken]).healthy).toBe(false);
  });

  test("tells of a node in maintenance that is off what the others know, and asks nothing of it", () => {
    const status = mergeStatus(cluster, [
      node("lb-a", "active"),
      nothingSeen("lb-b", "since 2026-11-25 09:00 by anna"),
    ]);
    expect(status).toMatchObject({ healthy: false, redundant: false, unreachable: false });
    expect(statusText(status, (_style, text) => text)).toMatch(
      /degraded: lb-b in maintenance, nobody could take over/,
    );
    expect(statusText(status, (_style, text) => text)).toMatch(
      /lb-b +maintenance +in maintenance since 2026-11-25 09:00 by anna; does not answer$/m,
    );
  });

  test("shows when the first certificate ends", () => {
    const ends = (certificateExpires: string) => ({
      ...{ program: "1", certificateExpires, transaction: null, unsettled: null, maintenance: null },
      ...{ twoOwners: [], lastTakeover: null },
    });
    const status = mergeStatus(cluster, [
      { ...node("lb-a", "active"), report: ends("2027-03-01T00:00:00.000Z") },
      { ...node("lb-b", "standby"), report: ends("2027-02-01T00:00:00.000Z") },
    ]);
    expect(statusText(status, (_style, text) => text)).toMatch(/^campus .* certificates until 2027-02-01$/m);
  });

  test("says which of the kernel's rules differs, in one line", () => {
    const rules = { missing: ["-A HOLDFAST-INPUT -j DROP", "-A x"], unexpected: [] };
    const status = mergeStatus(cluster, [node("lb-a", "active"), node("lb-b", "standby", { rules })]);
    expect(statusText(status, (_style, text) => text)).toMatch(
      / the kernel lacks -A HOLDFAST-INPUT -j DROP \(and 1 more rule\)$/m,
    );
  });

  test("is unreachable when a node does not answer, and still tells what the others say", () => {
    const status = mergeStatus(cluster, [
      node("lb-a", "active"),
      { state: nodeDown("lb-b"), natSessions: new Map() },
    ]);
    expect(status).toMatchObject({ healthy: false, unreachable: true });
    expect(status.services[0]?.servers.length).toBe(3);
  });
});
