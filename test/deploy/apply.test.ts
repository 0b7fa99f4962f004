import { expect, test } from "vitest";
import { CommitError, RefusedError } from "../../src/deploy/apply.js";
import { recover } from "../../src/deploy/undo.js";
import { paths } from "../../src/render/paths.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { commitFor, deploy, planFor, prepareFor } from "./deploying.js";
import { type Failure, failingAt } from "./failing-host.js";
import { NodeInMemory } from "./node-in-memory.js";
import { grown, inline, pair, relinked, repooled, sessionless } from "./topologies.js";

const deployed = async (cluster = pair): Promise<NodeInMemory> => {
  const node = new NodeInMemory("lb-a");
  await deploy(node, cluster);
  return node;
};

test("the first apply writes, loads and starts everything", async () => {
  const node = await deployed();
  expect([...node.running.keys()].sort()).toEqual(["conntrackd", "haproxy", "holdfast-agent", "keepalived"]);
  expect(node.netfilter[4].save()).toContain("-A INPUT -j HOLDFAST-INPUT");
  expect(await node.read(`${paths.stateDir}/current/files${paths.haproxyCfg}`)).toBe(
    await node.read(paths.haproxyCfg),
  );
  expect(node.enabled).toContain("holdfast-network");
});

test("applying twice changes nothing and reloads nothing", async () => {
  const node = await deployed();
  const before = node.state();
  expect(await planFor(node, pair)).toMatchObject({ isEmpty: true, changes: [], steps: [], drift: [] });
  node.told.length = 0;
  await deploy(node, pair);
  expect(node.told.filter((told) => /^(reload|restart|start) /.test(told))).toEqual([]);
  expect(node.state()).toEqual(before);
});

test("only engines whose files changed are told", async () => {
  const node = await deployed();
  node.told.length = 0;
  const [service] = pair.services;
  await deploy(node, {
    ...pair,
    services: pair.services.map((own) => ({ ...own, balance: "leastconn" as const })),
  });
  expect(service).toBeDefined();
  expect(node.told.filter((told) => /^(reload|restart|start) /.test(told))).toEqual([
    "reload haproxy",
    "reload holdfast-agent",
  ]);
});

test("rules of other people stay through apply, removal and restore", async () => {
  const node = await deployed(grown);
  await deploy(node, pair);
  expect(node.netfilter[4].save()).toContain("-A INPUT -s 192.0.2.1/32 -j DROP");
  expect(node.netfilter[4].save()).not.toContain("HOLDFAST-netconf");
});

test("a file edited by hand, a flushed table and a dead daemon are put right", async () => {
  const node = await deployed();
  const before = node.state();
  node.put(paths.haproxyCfg, "global\n", { mode: 0o666, user: "root", group: "root" });
  node.netfilter[4].restore("*nat\n:HOLDFAST-POSTROUTING - [0:0]\nCOMMIT\n", { test: false });
  node.running.delete("keepalived");
  const plan = await planFor(node, pair);
  expect(plan.changes.map(({ path, kind }) => ({ path, kind }))).toEqual([
    { path: paths.haproxyCfg, kind: "update" },
  ]);
  expect(plan.drift).toContain("keepalived does not run");
  expect(plan.drift.join("\n")).toMatch(/the kernel lacks the rule .*SNAT/);
  await deploy(node, pair);
  expect(node.state()).toEqual(before);
});

test("a file that the engine refuses changes nothing, and the engine's words name the real file", async () => {
  const node = await deployed();
  const before = node.state();
  node.refused = "10.0.2.19";
  const refusal = await prepareFor(node, grown).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(RefusedError);
  expect(String(refusal)).toContain(`lb-a: haproxy refuses ${paths.haproxyCfg}`);
  expect(String(refusal)).toContain(`[${paths.haproxyCfg}:7]`);
  expect(node.state()).toEqual(before);
  expect([...node.files.keys()].filter((path) => path.endsWith(".holdfast-new"))).toEqual([]);
});

test.each(["haproxy", "keepalived"])("a reload that %s does not notice is put back", async (engine) => {
  const node = await deployed();
  const before = node.state();
  node.deaf.add(engine);
  const failure = await commitFor(node, grown).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CommitError);
  expect(failure).toMatchObject({ restored: true, message: expect.stringMatching(new RegExp(engine, "i")) });
  expect(node.state()).toEqual(before);
});

test("a generation is left only when it is asked to be kept", async () => {
  const node = await deployed();
  const before = node.state();
  await commitFor(node, grown);
  expect(node.state()).not.toEqual(before);
  await recover(node);
  expect(node.state()).toEqual(before);
});

test("other servers take no reload: HAProxy is told while it runs, and removed ones only drain", async () => {
  const node = await deployed();
  const reloads = node.reloads;
  const kept = node.haproxy.server("openflow", "c2");
  if (kept !== undefined) kept.sessions = 5;
  await deploy(node, repooled);
  expect(node.reloads).toBe(reloads);
  expect(node.haproxy.server("openflow", "c2")).toMatchObject({ admin: 8, sessions: 5 });
  const fresh = await deployed(repooled);
  expect(node.state().servers).toEqual(fresh.state().servers);
  expect(await planFor(node, repooled)).toMatchObject({ isEmpty: true, drift: [] });
});

test("another sync network restarts conntrackd, which has no other way to read its file, and says what that means", async () => {
  const node = await deployed();
  const plan = await planFor(node, relinked);
  expect(plan.steps).toContainEqual({ kind: "restart", service: "conntrackd" });
  expect(plan.steps.filter((step) => "service" in step && step.service !== "conntrackd")).toEqual([
    { kind: "reload", service: "holdfast-agent" },
  ]);
  expect(plan.impact).toEqual([
    "conntrackd restarts: no session ends, and the nodes exchange what they hold anew.",
    "No session dropped, no reload, no role change.",
  ]);
  await deploy(node, relinked);
  expect(node.loaded.get("conntrackd")).toContain("Port 3781");
});

test("where no session is to be kept any more conntrackd stops, and does not come back at boot", async () => {
  const node = await deployed();
  node.enabled.add("conntrackd");
  const plan = await planFor(node, sessionless);
  expect(plan.steps).toContainEqual({ kind: "stop", service: "conntrackd" });
  await deploy(node, sessionless);
  expect(node.running.has("conntrackd")).toBe(false);
  expect(node.enabled.has("conntrackd")).toBe(false);
  expect(await node.read(paths.conntrackdConf)).toBeNull();
  await deploy(node, pair);
  expect(node.running.has("conntrackd")).toBe(true);
});

test("conntrackd starts before keepalived: who may become active has been told of the sessions", async () => {
  const services = (await planFor(new NodeInMemory("lb-a"), pair)).steps.flatMap((step) =>
    "service" in step ? step.service : [],
  );
  expect(services.indexOf("conntrackd")).toBeGreaterThanOrEqual(0);
  expect(services.indexOf("conntrackd")).toBeLessThan(services.indexOf("keepalived"));
});

test("servers that somebody changed at HAProxy's socket are said, and put right while it runs", async () => {
  const node = await deployed();
  const before = node.state();
  node.haproxy.ask("set server openflow/c1 weight 9; set server openflow/c2 state maint");
  const plan = await planFor(node, pair);
  expect(plan.drift).toEqual(["openflow/c1 has weight 9 instead of 1", "openflow/c2 is in maintenance"]);
  expect(plan.steps).toEqual([{ kind: "change-servers" }]);
  await deploy(node, pair);
  expect(node.state()).toEqual(before);
});

test("a HAProxy that refuses a server is put back as it was", async () => {
  const node = await deployed();
  const before = node.state();
  node.haproxy.refuses = "10.0.2.19";
  const failure = await commitFor(node, repooled).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    restored: true,
    message: expect.stringMatching(/HAProxy refuses 'add server openflow\/c9/),
  });
  expect(node.state()).toEqual(before);
  expect(node.reloads).toBe(1);
});

for (const [name, start, goal] of [
  ["an empty machine", null, grown],
  ["a running pair", pair, grown],
  ["a running pair whose servers alone change", pair, repooled],
  ["a running pair whose state takes another network", pair, relinked],
  ["a running pair that has no session to keep any more", pair, sessionless],
  ["a running pair whose sessions a master controller comes to share", pair, inline()],
  ["a running pair that shares sessions of other servers", inline(2), inline(3)],
  ["a running pair whose sessions nobody shares any more", inline(), pair],
] as const)
  for (const failure of ["before", "after", "crash"] as const)
    test(`whatever operation fails (${failure}) on ${name}, the node is wholly as before or wholly as after`, async () => {
      const fresh = async () => (start === null ? new NodeInMemory("lb-a") : deployed(start));
      const node = await fresh();
      const before = node.state();
      const counted = failingAt(node, Number.POSITIVE_INFINITY, failure);
      await deploy(counted.host, goal);
      const after = node.state();
      expect(counted.count()).toBeGreaterThan(60);
      for (let at = 0; at < counted.count(); at++)
        await oneFailure(await fresh(), goal, at, failure, before, after);
    });

async function oneFailure(
  node: NodeInMemory,
  goal: Cluster,
  at: number,
  failure: Failure,
  before: unknown,
  after: unknown,
): Promise<void> {
  const said = await deploy(failingAt(node, at, failure).host, goal).then(() => null, String);
  await recover(node);
  const where = `operation ${at}: ${said ?? "no error"}`;
  if (said === null) return expect(node.state(), where).toEqual(after);
  // A failure after the last change may leave the new state, but never when it claims otherwise.
  const isAfter = JSON.stringify(node.state()) === JSON.stringify(after);
  if (!isAfter || said.includes("is as it was before")) expect(node.state(), where).toEqual(before);
}
