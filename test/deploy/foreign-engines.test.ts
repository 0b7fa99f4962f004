import { expect, test } from "vitest";
import { type Engine, isForeign } from "../../src/deploy/foreign-engines.js";
import { impactOf } from "../../src/deploy/impact.js";
import { sessionsOf } from "../../src/deploy/sessions.js";
import { haproxyDaemon, keepalivedDaemon } from "../../src/render/daemons.js";
import { deploy, planFor } from "./deploying.js";
import { NodeInMemory } from "./node-in-memory.js";
import { pair } from "./topologies.js";

const line = (argv: readonly string[]) => argv.map((word) => `${word}\0`).join("");

test.each<[Engine, string, boolean]>([
  ["keepalived", line(keepalivedDaemon.argv), false],
  [
    "keepalived",
    line(["/usr/sbin/keepalived", "--dont-fork", "--use-file=/etc/keepalived/keepalived.conf"]),
    false,
  ],
  ["keepalived", line(["/usr/sbin/keepalived", "--dont-fork"]), true],
  ["keepalived", line(["/usr/sbin/keepalived", "--dont-fork", "-f", "/etc/keepalived/other.conf"]), true],
  ["haproxy", line(haproxyDaemon.argv), false],
  [
    "haproxy",
    line(["/usr/sbin/haproxy", "-Ws", "-f", "/etc/haproxy/haproxy.cfg", "-p", "/run/haproxy.pid"]),
    true,
  ],
  ["haproxy", line([...haproxyDaemon.argv, "-f", "/etc/haproxy/conf.d"]), true],
  // It is gone, or is on its way: nobody knows.
  ["haproxy", "", false],
  ["keepalived", null as unknown as string, false],
])("of %s, %j is foreign: %s", (engine, commandLine, foreign) => {
  expect(isForeign(engine, commandLine)).toBe(foreign);
});

test("engines that were there before the node are restarted by its first apply, and the plan says so", async () => {
  const node = new NodeInMemory("lb-a");
  for (const [engine, pid] of [
    ["keepalived", 901],
    ["haproxy", 902],
  ] as const) {
    node.running.set(engine, { pid, restarts: 0 });
    node.put(`/proc/${pid}/cmdline`, line([`/usr/sbin/${engine}`]));
  }
  const plan = await planFor(node, pair);
  expect(plan.drift).toEqual(
    expect.arrayContaining(
      ["keepalived", "haproxy"].map((name) => `${name} was started by another command than a node's`),
    ),
  );
  expect(plan.steps).toEqual(
    expect.arrayContaining(["haproxy", "keepalived"].map((service) => ({ kind: "restart", service }))),
  );
  expect(plan.impact).toContain("keepalived restarts: the virtual IPs move if this node holds them.");
  await deploy(node, pair);
  expect((await planFor(node, pair)).isEmpty).toBe(true);
});

test("a HAProxy that does not say what it has is not taken for one without sessions", () => {
  const restart = [{ kind: "restart", service: "haproxy" }] as const;
  expect(impactOf(restart, [], sessionsOf(null, new Map()))).toContain(
    "HAProxy restarts: it does not say how many sessions it has; all end at once and must reconnect.",
  );
});
