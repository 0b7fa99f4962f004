import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { agentsOfLab } from "../../src/cli/agents.js";
import { clientOn } from "../../src/drill/vantage.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab, LabProcess } from "../../src/lab/lab.js";
import { program } from "../../src/lab/program.js";
import { few } from "../thorough.js";
import { until } from "./agent-rig.js";
import { calmLab, ownersOf } from "./promises.js";
import { edited, ensureBuilt, example, labFor, type Written } from "./topology.js";

const patience = { timeout: 20_000, interval: 100 };
const switches = 24;
const controllers = ["c1", "c2", "c3"];

beforeAll(ensureBuilt);

const ways: [string, Written][] = [
  ["that controllers see as the node's own", example("pair", "lab-release")],
  [
    "that controllers see as the switches'",
    edited(example("pair", "lab-release-t"), ["mode: proxy", "transparent: true\n    mode: proxy"]),
  ],
];

describe.each(few(ways, ways.slice(1)))("idle sessions through HAProxy %s", (_, topology) => {
  const transparent = topology.text.includes("transparent: true");
  let lab: Lab;
  let sessions: LabProcess;
  let up: Set<string>;
  /** Why sessions ended. */
  let ends: string[];

  beforeAll(async () => {
    lab = await labFor(topology, { switches: 0 });
    const lines = Array.from(
      { length: switches },
      (_, index) => `address add 10.0.1.${130 + index}/24 dev eth1`,
    );
    await client().exec(["ip", "-batch", "-"], { stdin: lines.join("\n") });
  }, 120_000);
  afterAll(() => labDown(topology.cluster.name));

  // They send nothing, not even keepalives: by themselves they would never notice.
  beforeEach(async () => {
    await calmLab(lab);
    [up, ends] = [new Set(), []];
    const service = ["10.0.1.100", "6653", "10.0.1.130", String(switches), "0.05"];
    sessions = await client().spawn(["/usr/bin/python3", "-B", program.silentSessions, ...service]);
    sessions.onLine((line) => {
      const [event, source = "", , reason = ""] = line.split(" ");
      if (event === "up") up.add(source);
      else {
        up.delete(source);
        ends.push(reason);
      }
    });
    await until("all sessions are up", () => up.size === switches);
  });
  afterEach(async () => {
    for (const { name } of lab.cluster.nodes) await lab.faults.powerOn(name);
    await sessions.stop();
  });

  const client = () => lab.machine(clientOn("switches"));

  const owned = (node: string) =>
    until(`${node} is active`, async () => (await ownersOf(lab)).join() === node, 40_000);

  async function eventsOf(node: string, kind: string) {
    const agent = (await agentsOfLab(lab)).find((one) => one.node === node);
    const { events } = (await agent?.client.call("events", { query: { limit: 1_000, last: "true" } })) ?? {
      events: [],
    };
    return events.filter((event) => event.kind === kind);
  }

  /** The other ends of sessions that controllers hold. */
  async function halves(): Promise<string[]> {
    const lists = await Promise.all(
      controllers.map((name) =>
        lab.machine(name).exec(["ss", "-Htn", "state", "established", "sport", "=", ":6653"]),
      ),
    );
    return lists.flatMap(({ stdout }) =>
      [...stdout.matchAll(/ (\S+):\d+\s*$/gm)].map(([, peer = ""]) => peer),
    );
  }

  /** Those that are no check's, which come and go: of the node, or of the switches. */
  async function halvesOf(node: string): Promise<number> {
    const own = lab.machine(node).addresses.controllers ?? [];
    const all = await halves();
    return all.filter((peer) => (transparent ? peer.startsWith("10.0.1.") : own.includes(peer))).length;
  }

  test("that lost power are released by the node that takes over, and come back to it", async () => {
    const { active, standby } = await calmLab(lab);
    await lab.faults.powerOff(active);
    await owned(standby);
    await expect.poll(() => [ends.length, up.size], patience).toEqual([switches, switches]);
    expect(new Set(ends)).toEqual(new Set(["ECONNRESET"]));
    await expect.poll(() => eventsOf(standby, "release"), patience).toHaveLength(1);
    const [event] = await eventsOf(standby, "release");
    const all = { found: switches, released: switches };
    const servers = transparent ? all : { found: 0, released: 0 };
    expect(event?.details).toMatchObject({ network: "switches", ...all, servers, beyond: 0 });
    await expect
      .poll(async () => (await eventsOf(standby, "role")).at(-1)?.details.evidence, patience)
      .toContainEqual(expect.stringContaining(`${switches} sessions of the node before were released`));
    // With the node's own address nobody else may answer for it.
    if (transparent) await expect.poll(() => halvesOf(standby), patience).toBe(switches);
  });

  test("that are left by a planned move stay at neither switches nor controllers", async () => {
    const { active, standby } = await calmLab(lab);
    const [agent] = await agentsOfLab(lab);
    await agent?.client.call("switchover", { body: { to: standby, force: false } });
    await owned(standby);
    await expect.poll(() => [ends.length, up.size], patience).toEqual([switches, switches]);
    if (transparent) await expect.poll(() => halvesOf(standby), patience).toBe(switches);
    else await expect.poll(() => halvesOf(active), patience).toBeLessThanOrEqual(controllers.length);
  });
});
