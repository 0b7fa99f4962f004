import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { haproxyCrash } from "../../bench/blows.js";
import { serviceProbe } from "../../src/drill/probes.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { paths } from "../../src/render/paths.js";
import { few, isThorough } from "../thorough.js";
import { calmLab, hearsOn, killAgent, ownersOf, ownersWhile, printAgentLogs } from "./promises.js";
import { ensureBuilt, labFor, withNatService } from "./topology.js";

/** Milliseconds. */
const moved = { timeout: 5_000, interval: 20 };
const settled = { timeout: 15_000, interval: 100 };

describe("a pair with a proxy service and a nat service", () => {
  const topology = withNatService("lab-promises");
  const { cluster } = topology;
  const controllers = ["c1", "c2", "c3"];
  let lab: Lab;
  let active: string;
  let standby: string;

  beforeAll(async () => {
    await ensureBuilt();
    lab = await labFor(topology, { switches: 2 });
  });
  afterAll(async () => void (await labDown(cluster.name)));
  beforeEach(async ({ onTestFailed }) => {
    onTestFailed(() => printAgentLogs(lab));
    ({ active, standby } = await calmLab(lab));
  });

  /** How many new sessions the nat service grants a second. */
  const natSessions = async (): Promise<number> => {
    const probe = await serviceProbe(lab.machine("client-switches"), {
      ...{ address: "10.0.1.100", port: 7000, greeting: "echo", interval: 20, sessions: 1 },
    });
    await sleep(1_500);
    await probe.stop();
    return probe.seen.length;
  };

  /** Nobody is configured to be the switches' witness: the nodes find the switches themselves, within seconds. */
  const bothHearSomebody = () =>
    expect
      .poll(() => Promise.all([active, standby].map((node) => hearsOn(lab, node, "switches"))), settled)
      .toEqual([true, true]);

  test("keeps its virtual IPs where they are when every controller is down", async () => {
    try {
      await Promise.all(controllers.map((name) => lab.faults.signal(name, "controller", "SIGKILL")));
      expect(await ownersWhile(lab, 5_000)).toEqual([active]);
    } finally {
      await Promise.all(controllers.map((name) => lab.faults.start(name, "controller")));
    }
    expect((await calmLab(lab)).active).toBe(active);
  });

  test("serves on when HAProxy dies for good on one node, then on the other", async () => {
    try {
      await haproxyCrash.strike(lab, active);
      await expect.poll(() => ownersOf(lab), moved).toEqual([standby]);
      await haproxyCrash.strike(lab, standby);
      expect(await ownersWhile(lab, 3_000)).toEqual([standby]);
      expect(await natSessions()).toBeGreaterThan(20);
    } finally {
      await haproxyCrash.mend(lab, active);
      await haproxyCrash.mend(lab, standby);
    }
  });

  test.runIf(isThorough)("has one owner when HAProxy dies for good on both nodes at once", async () => {
    try {
      await Promise.all([active, standby].map((node) => haproxyCrash.strike(lab, node)));
      await sleep(2_000);
      expect(await ownersWhile(lab, 3_000)).toHaveLength(1);
      expect(await natSessions()).toBeGreaterThan(20);
    } finally {
      await Promise.all([active, standby].map((node) => haproxyCrash.mend(lab, node)));
    }
  });

  test("fails over although the agent of the node that loses power was dead", async () => {
    await killAgent(lab, active);
    try {
      expect(await ownersWhile(lab, 1_000)).toEqual([active]);
      await lab.faults.powerOff(active);
      await expect.poll(() => ownersOf(lab), moved).toEqual([standby]);
    } finally {
      await lab.faults.powerOn(active);
    }
  });

  test.runIf(isThorough)("fails over although the standby's agent was dead", async () => {
    await killAgent(lab, standby);
    try {
      await lab.faults.powerOff(active);
      await expect.poll(() => ownersOf(lab), moved).toEqual([standby]);
    } finally {
      await lab.faults.powerOn(active);
      await lab.faults.start(standby, "holdfast-agent");
    }
  });

  test("moves nothing when the management network is cut, and still finds a dead path without it", async () => {
    try {
      await lab.faults.pathDead(active, "management");
      await lab.faults.pathDead(standby, "management");
      expect(await ownersWhile(lab, 3_000)).toEqual([active]);
      await bothHearSomebody();
      await lab.faults.pathDead(active, "switches");
      await expect.poll(() => ownersOf(lab), moved).toEqual([standby]);
    } finally {
      await lab.faults.pathAlive(active, "switches");
      await lab.faults.pathAlive(active, "management");
      await lab.faults.pathAlive(standby, "management");
    }
  });

  test.runIf(isThorough)(
    "keeps its owner when the switches' whole network goes dead for both nodes, and when it returns",
    async () => {
      const each = (act: (node: string) => Promise<void>) => Promise.all([active, standby].map(act));
      try {
        await each((node) => lab.faults.pathDead(node, "switches"));
        expect(await ownersWhile(lab, 3_000)).toEqual([active]);
      } finally {
        await each((node) => lab.faults.pathAlive(node, "switches"));
      }
      expect(await ownersWhile(lab, 2_000)).toEqual([active]);
    },
  );

  test("answers again at once when two nodes believed to be the owner for a moment", async () => {
    const client = lab.machine("client-switches");
    const answers = async () => (await client.exec(["ping", "-c", "1", "-W", "1", "10.0.1.100"])).exitCode;
    const both = (act: (node: string, network: string) => Promise<void>) =>
      Promise.all(["switches", "controllers"].map((network) => act(active, network)));
    for (const milliseconds of few([40, 60, 120], [60])) {
      expect(await answers()).toBe(0);
      await both(lab.faults.pathDead);
      await sleep(milliseconds);
      await both(lab.faults.pathAlive);
      await expect.poll(answers, { timeout: 2_000, interval: 50 }).toBe(0);
      await sleep(1_200); // announcements that were put off
      expect(await answers()).toBe(0);
      expect(await ownersOf(lab)).toHaveLength(1);
    }
  });

  test("is never without an owner: a standby whose own path is dead is still better than none", async () => {
    await bothHearSomebody();
    try {
      await lab.faults.pathDead(standby, "switches");
      const yields = async () => (await lab.machine(standby).host.read(paths.fault))?.trim();
      await expect.poll(yields, moved).toBe("1");
      await haproxyCrash.strike(lab, active);
      expect(await ownersWhile(lab, 3_000)).toEqual([active]);
      expect(await natSessions()).toBeGreaterThan(20);
    } finally {
      await haproxyCrash.mend(lab, active);
      await lab.faults.pathAlive(standby, "switches");
    }
  });
});
