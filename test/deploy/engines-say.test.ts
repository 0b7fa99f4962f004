import { expect, test } from "vitest";
import { unifiedDiff } from "../../src/deploy/diff.js";
import { parseProcesses, reloadComplaint } from "../../src/deploy/haproxy.js";
import { instancesComplaint, wantedInstances } from "../../src/deploy/keepalived.js";
import { deploy, planFor } from "./deploying.js";
import { NodeInMemory } from "./node-in-memory.js";
import { pair } from "./topologies.js";

const answer = `#<PID>          <type>          <reloads>       <uptime>        <version>
10919           master          3 [failed: 1]   0d00h00m01s     2.6.12-1+deb12u4
# workers
10930           worker          0               0d00h00m01s     2.6.12-1+deb12u4
# old workers
10922           worker          1               0d00h00m09s     2.6.12-1+deb12u4
# programs
`;

test("HAProxy's master tells its reloads, and only workers that serve new sessions count", () => {
  expect(parseProcesses(answer)).toEqual({ master: 10919, reloads: 3, failed: 1, workers: [10930] });
});

test("a reload took when the same master has a worker that it did not have before", () => {
  const before = { master: 1, reloads: 0, failed: 0, workers: [2] };
  expect(reloadComplaint(before, { ...before, reloads: 1, workers: [3] })).toBeNull();
  expect(reloadComplaint(before, before)).toMatch(/did not notice/);
  expect(reloadComplaint(before, { ...before, master: 9, workers: [10] })).toMatch(/restarted/);
  expect(() => reloadComplaint(before, { ...before, reloads: 1, failed: 1 })).toThrow(/refused/);
});

test("keepalived runs what was rendered when every instance has its router id, priority, interval and addresses", () => {
  const [node] = pair.nodes;
  const wanted = node ? wantedInstances(pair, node) : [];
  expect(instancesComplaint(wanted, wanted)).toBeNull();
  expect(instancesComplaint(wanted, wanted.slice(1))).toMatch(/instances .* instead of/);
  expect(
    instancesComplaint(
      wanted,
      wanted.map((own) => ({ ...own, addresses: [] })),
    ),
  ).toMatch(/is not what was rendered/);
});

test("a diff shows mode and owner where they change", () => {
  const before = { body: "a\n", mode: 0o644, user: "root", group: "root" };
  const change = {
    path: "/etc/x",
    kind: "update",
    engine: "haproxy",
    before,
    after: { ...before, mode: 0o640 },
  } as const;
  expect(unifiedDiff(change)).toBe(
    "--- /etc/x\n+++ /etc/x\nold mode 0644 root:root\nnew mode 0640 root:root\n",
  );
  expect(unifiedDiff({ ...change, after: { ...before, body: "b\n" } })).toContain("-a\n+b\n");
});

test("a plan says when adverts become so slow that the standby may take over for a moment", async () => {
  const at = (advertInterval: number) => ({ ...pair, failover: { ...pair.failover, advertInterval } });
  const node = new NodeInMemory("lb-a");
  await deploy(node, at(20));
  expect((await planFor(node, at(100))).impact).toContain("keepalived reloads: no role change.");
  expect((await planFor(node, at(1_000))).impact.join(" ")).toMatch(/much slower adverts/);
  expect((await planFor(node, at(20))).impact).toEqual(["No session dropped, no reload, no role change."]);
});
