import { expect, test } from "vitest";
import { type EndedSessions, LostServersWatch } from "../../../src/agent/lost-servers/lost-servers-watch.js";
import type { ServerState } from "../../../src/observe/state.js";
import { FakeHost } from "../../host/fake-host.js";
import { exampleCluster } from "../../render/examples.js";

const cluster = exampleCluster("by-turns");
const addresses: Readonly<Record<string, string>> = { big: "10.0.2.11", c1: "10.0.2.12", c2: "10.0.2.13" };
const former = "10.0.2.99";

const words = (...refusing: readonly string[]): ServerState[] =>
  Object.keys(addresses).map((name) => {
    const refused = refusing.includes(name);
    return {
      ...{ service: "openflow", name, up: !refused, sessions: 0, refused },
      status: refused ? "DOWN" : "UP",
    };
  });

/** A node whose kernel has a table of sessions, from which conntrack deletes. */
function node() {
  const host = new FakeHost("lb-a");
  const table = new Map<string, string[]>();
  const sent: number[] = [];
  let broken = false;
  host.faults.run = ([program, ...argv], stdin) => {
    if (program === "perl") {
      const packets = stdin.split("\n").filter((line) => line !== "").length;
      sent.push(packets);
      return { stdout: `${packets}\n` };
    }
    if (program !== "conntrack") return undefined;
    // All that this table holds came by openflow.
    if (!argv.includes("6653")) return { exitCode: 0, stderr: deleted(0) };
    if (argv[0] === "-L") return { stdout: [...table.values()].flat().join("") };
    if (broken) return { exitCode: 1, stderr: "conntrack: out of buffer space\n" };
    const server = argv[argv.indexOf("--reply-src") + 1] ?? "";
    const gone = table.get(server) ?? [];
    table.delete(server);
    return { exitCode: gone.length > 0 ? 0 : 1, stdout: gone.join(""), stderr: deleted(gone.length) };
  };
  const deleted = (count: number) =>
    `conntrack v1.4.7 (conntrack-tools): ${count} flow entries have been deleted.\n`;
  const open = (server: string, ...ports: readonly number[]) => {
    const address = addresses[server] ?? former;
    const lines = ports.map(
      (port) =>
        `tcp      6 9 ESTABLISHED src=10.0.1.9 dst=10.0.1.100 sport=${port} dport=6653 src=${address} dst=10.0.1.9 sport=6653 dport=${port} [ASSURED] mark=0 use=1\n`,
    );
    table.set(address, [...(table.get(address) ?? []), ...lines]);
  };

  const ended: EndedSessions[] = [];
  const failures: string[] = [];
  const state = { active: true, now: 0 };
  const watch = new LostServersWatch(
    host,
    cluster,
    { carries: () => state.active, ended: (one) => ended.push(one), failed: (why) => failures.push(why) },
    () => state.now,
  );
  /** HAProxy's words from one moment to another, every 100 ms. */
  const hear = async (said: readonly ServerState[], milliseconds: number) => {
    for (const until = state.now + milliseconds; state.now < until; state.now += 100) {
      watch.servers(said);
      await watch.hold();
      watch.release();
    }
  };
  const breakTable = (isBroken: boolean) => {
    broken = isBroken;
  };
  return { host, table, open, hear, ended, failures, sent, state, watch, breakTable };
}

test("the sessions of a dead server leave the table, those of the others stay, and both ends are told twice", async () => {
  const { open, hear, ended, sent, table } = node();
  open("c1", 4001, 4002);
  open("c2", 4003);
  await hear(words(), 5_000);
  await hear(words("c1"), 5_000);
  expect(ended).toEqual([{ service: "openflow", server: "c1", why: "dead", sessions: 2, told: 2 }]);
  expect(sent).toEqual([4, 4]);
  expect([...table.keys()]).toEqual(["10.0.2.13"]);
});

test("a session that was just being opened goes in a later round, and then nobody looks again", async () => {
  const { host, open, hear, ended } = node();
  open("c1", 4001);
  await hear(words(), 5_000);
  await hear(words("c1"), 500);
  open("c1", 4002);
  await hear(words("c1"), 60_000);
  expect(ended.map(({ sessions }) => sessions)).toEqual([1, 1]);
  expect(host.told.filter((told) => told.includes("conntrack -D"))).toHaveLength(3);
});

test("a server that the topology no longer has loses its sessions too, and only where they came by the service", async () => {
  const { open, hear, ended, table } = node();
  open("c1", 4001);
  open("former", 4002, 4003);
  await hear(words(), 10_000);
  expect(ended).toEqual([
    { service: "openflow", server: "10.0.2.99:6653", why: "removed", sessions: 2, told: 2 },
  ]);
  expect([...table.keys()]).toEqual(["10.0.2.12"]);
});

test("what fails is said once and tried again until it succeeds", async () => {
  const { open, hear, ended, failures, breakTable } = node();
  open("c1", 4001);
  breakTable(true);
  await hear(words(), 5_000);
  await hear(words("c1"), 5_000);
  expect(failures).toEqual(["conntrack -D: conntrack: out of buffer space"]);
  expect(ended).toEqual([]);
  breakTable(false);
  await hear(words("c1"), 2_000);
  expect(ended).toMatchObject([{ server: "c1", sessions: 1 }]);
});

test("a standby leaves its table alone, and ends what is left of it once it is active", async () => {
  const { host, open, hear, ended, state } = node();
  open("c1", 4001);
  state.active = false;
  await hear(words(), 5_000);
  await hear(words("c1"), 5_000);
  expect(host.told).toEqual([]);
  state.active = true;
  await hear(words("c1"), 200);
  expect(ended).toMatchObject([{ server: "c1", sessions: 1 }]);
});

test("a server that died again has its sessions ended again", async () => {
  const { open, hear, ended } = node();
  await hear(words(), 5_000);
  await hear(words("c1"), 5_000);
  await hear(words(), 5_000);
  open("c1", 4001);
  await hear(words("c1"), 200);
  expect(ended).toMatchObject([{ server: "c1", sessions: 1 }]);
});

test("while the node is changed nothing is ended", async () => {
  const { host, open, hear, watch, state } = node();
  open("c1", 4001);
  await hear(words(), 5_000);
  await watch.hold();
  watch.servers(words("c1"));
  state.now += 100;
  watch.servers(words("c1"));
  expect(host.told.filter((told) => told.includes("conntrack -D"))).toEqual([]);
});

test("of more sessions than can be told in time all leave the table, and so many are told", async () => {
  const { open, hear, ended, sent } = node();
  open("c1", ...Array.from({ length: 20_500 }, (_, index) => index + 1_024));
  await hear(words(), 5_000);
  await hear(words("c1"), 200);
  expect(ended).toEqual([{ service: "openflow", server: "c1", why: "dead", sessions: 20_500, told: 20_000 }]);
  expect(sent).toEqual([40_000]);
});
