import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentsOfLab } from "../../src/cli/agents.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { paths } from "../../src/render/paths.js";
import { isThorough } from "../thorough.js";
import { until } from "./agent-rig.js";
import { agentsOf, applyTo } from "./applying.js";
import { held, sessions, whole } from "./held-sessions.js";
import { calmLab, ownersOf, ownersWhile } from "./promises.js";
import { edited, ensureBuilt, labFor, threeWithNat, type Written, withNatService } from "./topology.js";

beforeAll(ensureBuilt);

const up = (topology: Written): Promise<Lab> => labFor(topology, { switches: 0 });

const engine = (lab: Lab, node: string) => lab.machine(node).host.services;

/** Killed, so that it leaves its lock behind, and not started again. */
async function kill(lab: Lab, node: string): Promise<void> {
  await lab.faults.signal(node, "conntrackd", "SIGKILL");
  await engine(lab, node).stop("conntrackd");
}

async function syncOf(lab: Lab, node: string): Promise<{ state: string; why: string | null }> {
  const agent = (await agentsOfLab(lab)).find((one) => one.node === node);
  const state = await agent?.client.call("state", {}).catch(() => null);
  return (state?.sync ?? { state: "unknown", why: null }) as { state: string; why: string | null };
}

/** Entries of the service in a node's kernel. */
async function entries(lab: Lab, node: string): Promise<number> {
  const { stdout } = await lab
    .machine(node)
    .exec(["conntrack", "-L", "-p", "tcp", "-d", "10.0.1.100", "--dport", "7000", "--state", "ESTABLISHED"]);
  return stdout.split("\n").filter(Boolean).length;
}

const complete = (lab: Lab, node: string) =>
  until(`${node} holds the sessions`, async () => (await syncOf(lab, node)).state === "complete", 40_000);

const owned = (lab: Lab, node: string) =>
  until(`${node} is active`, async () => (await ownersOf(lab)).join() === node, 40_000);

async function ownerAmong(lab: Lab, nodes: readonly string[]): Promise<string> {
  await until("one of them is active", async () => nodes.includes((await ownersOf(lab)).join()), 40_000);
  return (await ownersOf(lab)).join();
}

describe("sessions through the kernel of a pair", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await up(withNatService("lab-t1-sync"));
  }, 120_000);
  afterAll(() => labDown("lab-t1-sync"));

  test("outlive their node, its return, and the end of the other", async () => {
    const { active, standby } = await calmLab(lab);
    await complete(lab, standby);
    const load = await sessions(lab);
    await lab.faults.powerOff(active);
    await owned(lab, standby);
    await sleep(1_000);
    await lab.faults.powerOn(active);
    await complete(lab, active);
    await calmLab(lab);
    await lab.faults.powerOff(standby);
    await owned(lab, active);
    expect(await load.end()).toEqual(whole);
    await lab.faults.powerOn(standby);
    await calmLab(lab);
  });

  test("are all that the active node tells the other: no check, no beat, nothing of an operator's", async () => {
    const { active } = await calmLab(lab);
    const load = await sessions(lab);
    const { stdout } = await lab.machine(active).exec(["conntrackd", "-C", paths.conntrackdConf, "-i"]);
    const told = stdout.split("\n").filter((line) => line.includes("ESTABLISHED"));
    expect(told.filter((line) => !line.includes("dst=10.0.1.100 ") || !line.includes("dport=7000 "))).toEqual(
      [],
    );
    expect(told).toHaveLength(held);
    expect(await load.end()).toEqual(whole);
  });

  test("that began while the standby's conntrackd was dead are held once it is back", async () => {
    const { standby } = await calmLab(lab);
    await complete(lab, standby);
    await kill(lab, standby);
    const load = await sessions(lab);
    expect(await entries(lab, standby)).toBe(0);
    await engine(lab, standby).start("conntrackd");
    await until("the standby's kernel has them", async () => (await entries(lab, standby)) === held);
    await complete(lab, standby);
    expect(await load.end()).toEqual(whole);
  });

  test.runIf(isThorough)(
    "outlive a change of the networks that carry their state, for which every conntrackd restarts",
    async () => {
      const written = withNatService("lab-t1-sync");
      const wider = edited(written, [
        "\nvirtual_ips:\n",
        "\nsync: { networks: [controllers, management] }\n\nvirtual_ips:\n",
      ]);
      const { active, standby } = await calmLab(lab);
      const load = await sessions(lab);
      for (const topology of [wider, written]) {
        const run = (await engine(lab, active).status("conntrackd")).pid;
        expect((await applyTo(agentsOf(lab), topology)).outcome.outcome).toBe("kept");
        expect((await engine(lab, active).status("conntrackd")).pid).not.toBe(run);
        expect(await entries(lab, active)).toBe(held);
        await complete(lab, standby);
        expect(await entries(lab, standby)).toBe(held);
      }
      expect(await load.end()).toEqual(whole);
    },
  );

  test.runIf(isThorough)("outlive switchovers in full flow, one after the other", async () => {
    const load = await sessions(lab, 40);
    for (let count = isThorough ? 4 : 2; count > 0; count -= 1) {
      const { standby } = await calmLab(lab);
      const [agent] = await agentsOfLab(lab);
      await agent?.client.call("switchover", { body: { to: standby, force: false } });
      await owned(lab, standby);
    }
    expect(await load.end()).toEqual(whole);
  });
});

// In three-nodes.test.ts two of three end under sessions, too.
describe.runIf(isThorough)("three nodes", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await up(threeWithNat("lab-t1-sync3"));
  }, 120_000);
  afterAll(() => labDown("lab-t1-sync3"));

  test("of which two end one after the other keep every session", async () => {
    const { active } = await calmLab(lab);
    const others = lab.cluster.nodes.map(({ name }) => name).filter((name) => name !== active);
    for (const node of others) await complete(lab, node);
    const load = await sessions(lab);
    await lab.faults.powerOff(active);
    const second = await ownerAmong(lab, others);
    await sleep(1_000);
    await lab.faults.powerOff(second);
    const [last = ""] = others.filter((node) => node !== second);
    await owned(lab, last);
    await lab.faults.powerOn(active);
    await complete(lab, active);
    await lab.faults.powerOff(last);
    await owned(lab, active);
    expect(await load.end()).toEqual(whole);
  });
});

describe("a preferred node that returns", () => {
  let lab: Lab;
  beforeAll(async () => {
    const preempting = edited(withNatService("lab-t1-syncp"), [
      "preempt: false",
      "preempt: true\n  preempt_delay: 5s",
    ]);
    lab = await up(preempting);
  }, 120_000);
  afterAll(() => labDown("lab-t1-syncp"));

  test.runIf(isThorough)("takes the virtual IPs back only once it holds the sessions", async () => {
    await calmLab(lab);
    await owned(lab, "lb-a");
    const load = await sessions(lab);
    await lab.faults.powerOff("lb-a");
    await owned(lab, "lb-b");
    // Nothing passes on the network that carries the state; beats come on the others.
    await lab.faults.pathDead("lb-b", "management");
    await lab.faults.powerOn("lb-a");
    expect(await ownersWhile(lab, 15_000)).toEqual(["lb-b"]);
    expect((await syncOf(lab, "lb-a")).state).not.toBe("complete");
    await lab.faults.pathAlive("lb-b", "management");
    await complete(lab, "lb-a");
    await owned(lab, "lb-a");
    expect(await load.end()).toEqual(whole);
  });
});
