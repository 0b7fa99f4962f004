import { expect, test } from "vitest";
import { paintFor } from "../../src/cli/paint.js";
import { statusText } from "../../src/cli/status-text.js";
import type { AgentReport } from "../../src/fleet/node-report.js";
import type { ClusterStatus } from "../../src/fleet/status.js";
import { nodeDown } from "../../src/observe/node.js";

/** lb-b of a pair whose other node serves. */
const linesWith = (report: AgentReport | null, virtualIps: ClusterStatus["virtual_ips"] = []): string =>
  statusText(
    {
      ...{ cluster: "campus", healthy: false, redundant: true, unreachable: true },
      ...{ virtual_ips: virtualIps, services: [], trial: null },
      nodes: [{ ...nodeDown("lb-b"), drift: false, report, maintenance: null }],
    } satisfies ClusterStatus,
    paintFor({ isTTY: false } as NodeJS.WriteStream),
  );

const waiting: AgentReport = {
  ...{ program: "0.1.0", certificateExpires: null, transaction: null, unsettled: null, maintenance: null },
  ...{ twoOwners: [], lastTakeover: null },
};

test("a machine that came into the place of another is told from one that does not answer", () => {
  expect(linesWith(null)).toMatch(/lb-b +down +does not answer/);
  expect(linesWith(waiting)).toMatch(/lb-b +down +has no topology yet: 'holdfast apply' brings it one/);
});

test("the first line says that two nodes own an address", () => {
  const owned = (...owners: string[]) => [{ name: "controller-ip", address: "10.0.1.100", owners }];
  const [first] = linesWith(null, owned("lb-a", "lb-b")).split("\n");
  expect(first).toMatch(/^campus +unreachable: two nodes own controller-ip/);
  expect(linesWith(null, owned("lb-a"))).not.toContain("two nodes");
});

test("how long the first answer took is not called the gap that a switchover measures", () => {
  const lastTakeover = { at: "2026-11-29T21:32:08.757Z", cause: "switchover by anna", gap: 70.4 };
  const lines = linesWith({ ...waiting, lastTakeover }, [
    { name: "controller-ip", address: "10.0.1.100", owners: ["lb-b"] },
  ]);
  expect(lines).toContain("since 2026-11-29 21:32 UTC (switchover by anna, first answer after 70 ms)");
});

/** As one service's mirror has it. */
function withCounts(counts: Partial<Record<"shed" | "unmatched" | "expired" | "past", number>>): string {
  const mirror = {
    ...{
      via: "inline" as const,
      to: "master",
      connected: 2,
      switches: 2,
      messages: 9,
      dropped: 0,
      queued: 0,
    },
    ...{ resyncs: 0, lost_bytes: 0, ...counts, why: null },
  };
  const service = { name: "openflow", mode: "proxy" as const, port: 6653, servers: [], sessions: 3 };
  return statusText(
    {
      ...{ cluster: "campus", healthy: true, redundant: true, unreachable: false, nodes: [], trial: null },
      ...{ virtual_ips: [], services: [{ ...service, redundant: true, mirror }] },
    } satisfies ClusterStatus,
    paintFor({ isTTY: false } as NodeJS.WriteStream),
  );
}

test("sessions past the multiplexer are told where there are some, with what ends that", () => {
  const withPast = (past: number): string => withCounts({ past });
  expect(withPast(1)).toMatch(/2 of 2 switches .* 1 session PAST the multiplexer .*'holdfast switchover'/);
  expect(withPast(0)).not.toContain("PAST");
});

test("what no switch heard, and what nobody had asked, is told where there is some", () => {
  expect(withCounts({ shed: 3, unmatched: 2, expired: 1 })).toMatch(
    /9 messages {3}3 SHED {3}2 unmatched {3}1 expired/,
  );
  expect(withCounts({ shed: 0, unmatched: 0, expired: 0 })).not.toMatch(/shed|unmatched|expired/i);
});
