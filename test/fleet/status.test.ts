import { describe, expect, test } from "vitest";
import { tableFill } from "../../src/agent/conntrack-table/table-fill.js";
import type { SyncReport } from "../../src/agent/sync/sync-report.js";
import { statusText } from "../../src/cli/status-text.js";
import { nothingSeen } from "../../src/fleet/sighting.js";
import { mergeStatus } from "../../src/fleet/status.js";
import { nodeDown } from "../../src/observe/node.js";
import type { NodeState } from "../../src/observe/state.js";
import { exampleCluster } from "../render/examples.js";

const cluster = exampleCluster("pair");
const both = ["10.0.1.100", "10.0.2.1"];

/** Its view of openflow's servers: those that are down, and those that have no weight any more. */
const poolWith = (down: readonly string[], drained: readonly string[] = [], sessions = 0) =>
  ["c1", "c2", "c3"].map((name) => ({
    ...{ service: "openflow", name, up: !down.includes(name), sessions, refused: false },
    status: down.includes(name) ? "DOWN" : drained.includes(name) ? "DRAIN" : "UP",
  }));

const node = (name: string, role: "active" | "standby", changes: Partial<NodeState> = {}) => ({
  state: {
    ...nodeDown(name),
    role,
    owned: role === "active" ? both : [],
    haproxy: {
      process: "running" as const,
      servers: poolWith(["c3"], [], role === "active" ? 40 : 0),
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

  test.each([
    { down: [], drained: [], healthy: true, words: "healthy" },
    { down: ["c3"], drained: [], healthy: true, words: "healthy: c3 of openflow is down" },
    { down: ["c2", "c3"], drained: [], healthy: false, words: "degraded: c1 is the last server of openflow" },
    { down: ["c3"], drained: ["c2"], healthy: false, words: "degraded: c1 is the last server of openflow" },
    { down: ["c1", "c2", "c3"], drained: [], healthy: false, words: "degraded: no server of openflow is up" },
  ])("with $down down and $drained drained is $words", ({ down, drained, healthy, words }) => {
    const haproxy = { process: "running" as const, servers: poolWith(down, drained) };
    const status = mergeStatus(cluster, [node("lb-a", "active", { haproxy }), node("lb-b", "standby")]);
    expect(status.healthy).toBe(healthy);
    const [first] = statusText(status, (_style, text) => text).split("\n");
    expect(first).toBe(`campus   ${words}`);
  });

  test("asks of a service no more servers than it was given", () => {
    const [openflow] = cluster.services;
    const single = { ...cluster, services: [{ ...openflow, servers: openflow?.servers.slice(0, 1) }] };
    const seen = [node("lb-a", "active"), node("lb-b", "standby")];
    expect(mergeStatus(single as typeof cluster, seen).healthy).toBe(true);
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

  test("is not healthy while a standby does not hold the sessions, and says why", () => {
    const seen = (sync: SyncReport) => {
      const report = {
        ...{ program: "1", certificateExpires: null, transaction: null, unsettled: null, maintenance: null },
        ...{ twoOwners: [], lastTakeover: null, sync },
      };
      const running = { keepalived: { process: "running" as const, instances: [] } };
      const status = mergeStatus(cluster, [
        node("lb-a", "active"),
        { ...node("lb-b", "standby", running), report },
      ]);
      return { healthy: status.healthy, text: statusText(status, (_style, text) => text) };
    };
    const why = "nothing arrives from the peers' conntrackd for 9 s";
    const lost = seen({ state: "lost", why, unsynced: null, entries: 0, silence: 9_000 });
    expect(lost.healthy).toBe(false);
    expect(lost.text).toMatch(/lb-b +standby +nothing arrives from the peers' conntrackd for 9 s$/m);
    const whole = seen({ state: "complete", why: null, unsynced: null, entries: 0, silence: 100 });
    expect(whole.healthy).toBe(true);
    expect(whole.text).toMatch(/lb-b +standby +keepalived haproxy agent ok {3}in sync$/m);
  });

  test("tells of a conntrackd that does not run, which makes it degraded and no node unfit", () => {
    const seen = (process: "running" | "dead") => {
      const changes = { conntrackd: { process }, keepalived: { process: "running" as const, instances: [] } };
      const status = mergeStatus(cluster, [
        node("lb-a", "active", changes),
        node("lb-b", "standby", changes),
      ]);
      return { healthy: status.healthy, text: statusText(status, (_style, text) => text) };
    };
    expect(seen("running").healthy).toBe(true);
    expect(seen("running").text).toMatch(/lb-a +active +keepalived haproxy conntrackd agent ok$/m);
    expect(seen("dead").healthy).toBe(false);
    expect(seen("dead").text).toMatch(/lb-b +standby +conntrackd dead$/m);
  });

  test("tells of a multiplexer that does not run, through which sessions pass", () => {
    const seen = (process: "running" | "dead") => {
      const changes = {
        multiplexer: { process },
        keepalived: { process: "running" as const, instances: [] },
      };
      const status = mergeStatus(cluster, [
        node("lb-a", "active", changes),
        node("lb-b", "standby", changes),
      ]);
      return { healthy: status.healthy, text: statusText(status, (_style, text) => text) };
    };
    expect(seen("running")).toMatchObject({
      healthy: true,
      text: expect.stringMatching(/lb-a +active +keepalived haproxy multiplexer agent ok$/m),
    });
    expect(seen("dead")).toMatchObject({
      healthy: false,
      text: expect.stringMatching(/lb-b +standby +multiplexer dead$/m),
    });
  });

  test("is not healthy while a connection table is nearly full, and says how full", () => {
    const report = {
      ...{ program: "1", certificateExpires: null, transaction: null, unsettled: null, maintenance: null },
      ...{ twoOwners: [], lastTakeover: null },
    };
    const seen = (entries: number) => {
      const table = tableFill({ entries, limit: 1_000 }, null);
      const status = mergeStatus(cluster, [
        { ...node("lb-a", "active"), report: { ...report, table } },
        node("lb-b", "standby"),
      ]);
      return { healthy: status.healthy, text: statusText(status, (_style, text) => text) };
    };
    expect(seen(790).healthy).toBe(true);
    expect(seen(810).healthy).toBe(false);
    expect(seen(810).text).toMatch(/lb-a +active +the kernel's connection table is 81 % full/m);
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
