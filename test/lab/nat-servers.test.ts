import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { clientOn } from "../../src/drill/vantage.js";
import { AgentClient } from "../../src/fleet/client.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab, LabProcess } from "../../src/lab/lab.js";
import { program } from "../../src/lab/program.js";
import { observeHaproxy } from "../../src/observe/haproxy.js";
import { observeVrrp } from "../../src/observe/vrrp.js";
import { isThorough } from "../thorough.js";
import { agentsOf, applyTo } from "./applying.js";
import { edited, ensureBuilt, example, labFor } from "./topology.js";

const patience = { timeout: 30_000, interval: 100 };
const switches = 24;
const addresses: Readonly<Record<string, string>> = { big: "10.0.2.11", c1: "10.0.2.12", c2: "10.0.2.13" };

// The middle profile: a machine full of tests may well lose three adverts of 20 ms.
const topology = edited(example("by-turns", "lab-nat-servers"), ["profile: fast", "profile: balanced"]);
const { cluster } = topology;

describe("the controllers of a nat service", () => {
  let lab: Lab;
  let sessions: LabProcess;
  /** Which switches are greeted, and how often a session ended. */
  let up: Set<string>;
  let ends: string[];

  beforeAll(async () => {
    ensureBuilt();
    lab = await labFor(topology, { switches: 0 });
    const batch = Array.from(
      { length: switches },
      (_, index) => `address add 10.0.1.${130 + index}/24 dev eth1`,
    );
    await client().exec(["ip", "-batch", "-"], { stdin: batch.join("\n") });
  });
  afterAll(() => labDown(cluster.name));

  beforeEach(async () => {
    for (const name of Object.keys(addresses)) {
      await lab.faults.pathAlive(name, "controllers");
      await lab.faults.start(name, "controller");
      // HAProxy may not even have noticed that it was gone.
      await expect.poll(() => listens(name), patience).toBe(true);
    }
    await expect.poll(servers, patience).toEqual(Array(8).fill("UP"));
    await expect.poll(turns, patience).toEqual([4, 4]);
    [up, ends] = [new Set(), []];
    const service = ["10.0.1.100", "6653", "10.0.1.130", String(switches), "0.05"];
    sessions = await client().spawn(["/usr/bin/python3", "-B", program.silentSessions, ...service]);
    sessions.onLine((line) => {
      const [event, source = ""] = line.split(" ");
      if (event === "up") up.add(source);
      else {
        up.delete(source);
        ends.push(source);
      }
    });
    await expect.poll(() => up.size, patience).toBe(switches);
  });
  afterEach(async () => {
    await sessions.stop();
    // What the last test's sessions left behind is not to be counted in the next.
    for (const { name } of cluster.nodes)
      await lab.machine(name).host.run(["conntrack", "-D", "-p", "tcp", "--orig-dst", "10.0.1.100"]);
  });

  const client = () => lab.machine(clientOn("switches"));

  const listens = async (controller: string) =>
    (await lab.machine(controller).exec(["ss", "--no-header", "-ltn", "sport", "=", "6653"])).stdout !== "";

  /** HAProxy's word on the servers of the service, of both nodes. */
  const servers = async () =>
    (await Promise.all(cluster.nodes.map(({ name }) => observeHaproxy(lab.machine(name).host))))
      .flatMap((haproxy) => haproxy.servers)
      .filter(({ service }) => service === "openflow")
      .map(({ status }) => status);

  /** How many turns each node's kernel deals out: four while all serve. */
  const turns = () =>
    Promise.all(
      cluster.nodes.map(async ({ name }) => {
        const { stdout } = await lab
          .machine(name)
          .host.run(["iptables", "-t", "nat", "-S", "HOLDFAST-openflow"]);
        return stdout.split("\n").filter((rule) => rule.includes("DNAT")).length;
      }),
    );

  async function active(): Promise<string> {
    for (const { name } of cluster.nodes) {
      const { instances } = await observeVrrp(lab.machine(name).host);
      if (instances.every(({ state }) => state === "master")) return name;
    }
    throw new Error("no node is active");
  }

  /** The switches that the active node's kernel translates to the controller. */
  const switchesOf = async (controller: string) => heldBy(await active(), controller);

  async function heldBy(node: string, controller: string): Promise<string[]> {
    const { host } = lab.machine(node);
    const filter = ["--dst-nat", "--reply-src", addresses[controller] ?? ""];
    const { stdout } = await host.run(["conntrack", "-L", "-p", "tcp", ...filter]);
    return [...stdout.matchAll(/ ESTABLISHED src=(\S+) /g)].map(([, source = ""]) => source).sort();
  }

  /** Sessions that the nodes' events say were ended, by controller, since `sequence`. */
  async function endedSince(node: string, sequence: number): Promise<Record<string, unknown>[]> {
    return (await events(node))
      .filter((event) => event.kind === "server" && event.sequence > sequence && "sessions" in event.details)
      .map(({ details }) => details);
  }

  async function events(node: string) {
    const agent = new AgentClient(node, { kind: "unix", path: lab.agentSocket(node) ?? "" });
    try {
      return (await agent.call("events", { query: { limit: 1000, last: "true" } })).events;
    } finally {
      agent.close();
    }
  }

  const lastEvent = async (node: string) => (await events(node)).at(-1)?.sequence ?? 0;

  test("share the switches by turns: two of four for the one that has twice the weight", async () => {
    const shares = await Promise.all(Object.keys(addresses).map(switchesOf));
    expect(shares.map(({ length }) => length)).toEqual([switches / 2, switches / 4, switches / 4]);
  });

  test("one that is killed: its switches are with the others, and nobody else's session ends; the standby's table follows", async () => {
    const [node, theirs] = [await active(), await switchesOf("big")];
    const standby = cluster.nodes.map(({ name }) => name).find((name) => name !== node) ?? "";
    await expect.poll(() => heldBy(standby, "big"), patience).toEqual(theirs);
    await lab.faults.signal("big", "controller", "SIGKILL");
    await expect.poll(() => ends.length, patience).toBe(theirs.length);
    await expect.poll(() => up.size, patience).toBe(switches);
    expect(ends.toSorted()).toEqual(theirs);
    expect((await switchesOf("c1")).length + (await switchesOf("c2")).length).toBe(switches);
    expect(await switchesOf("big")).toEqual([]);
    await expect.poll(() => heldBy(standby, "big"), patience).toEqual([]);
  });

  test("one that falls silent: its idle switches are told, and turn to the others", async () => {
    const [node, theirs] = [await active(), await switchesOf("big")];
    const before = await lastEvent(node);
    await lab.faults.pathDead("big", "controllers");
    await expect.poll(() => ends.length, patience).toBe(theirs.length);
    await expect.poll(() => up.size, patience).toBe(switches);
    expect(ends.toSorted()).toEqual(theirs);
    const ended = { server: "big", why: "dead", sessions: theirs.length, told: theirs.length };
    await expect.poll(() => endedSince(node, before), patience).toMatchObject([ended]);
  });

  test("one that an operator drains keeps its switches; one that is taken out loses them to the others", async () => {
    const [node, theirs] = [await active(), await switchesOf("c2")];
    const before = await lastEvent(node);
    const agents = agentsOf(lab);
    const c2 = "{ name: c2,    address: 10.0.2.13, port: 6653 }";
    const drained = edited(topology, [c2, c2.replace(" }", ", weight: 0 }")]);
    const without = edited(topology, [`      - ${c2}\n`, ""]);
    try {
      expect((await applyTo(agents, drained)).outcome).toMatchObject({ outcome: "kept" });
      await sleep(4_000);
      expect(ends).toEqual([]);
      expect((await applyTo(agents, without)).outcome).toMatchObject({ outcome: "kept" });
      await expect.poll(() => ends.length, patience).toBe(theirs.length);
      await expect.poll(() => up.size, patience).toBe(switches);
      expect(ends.toSorted()).toEqual(theirs);
      const ended = { server: "10.0.2.13:6653", why: "removed", sessions: theirs.length };
      await expect.poll(() => endedSince(node, before), patience).toMatchObject([ended]);
    } finally {
      await applyTo(agents, topology);
      for (const { client } of agents) client.close();
    }
  });

  test.runIf(isThorough)(
    "all at once, for a moment: no session ends, and each is as good as before",
    async () => {
      const [node, theirs] = [await active(), await switchesOf("c1")];
      const before = await lastEvent(node);
      for (const name of [...Object.keys(addresses), "spare"]) await lab.faults.pathDead(name, "controllers");
      await expect.poll(async () => new Set(await servers()), patience).toEqual(new Set(["DOWN"]));
      await sleep(3_000);
      for (const name of ["spare", ...Object.keys(addresses)]) {
        await lab.faults.pathAlive(name, "controllers");
        await sleep(300);
      }
      await expect.poll(servers, patience).toEqual(Array(8).fill("UP"));
      await sleep(4_000);
      expect(await endedSince(node, before)).toEqual([]);
      expect(ends).toEqual([]);
      expect(await switchesOf("c1")).toEqual(theirs);
    },
  );
});
