import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { agentsOfLab, askFirst } from "../../src/cli/agents.js";
import { statusText } from "../../src/cli/status-text.js";
import type { ClusterStatus } from "../../src/fleet/status.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { isThorough } from "../thorough.js";
import { calmLab, ownersOf, ownersWhile, printAgentLogs } from "./promises.js";
import { edited, ensureBuilt, example, labFor } from "./topology.js";

/** Milliseconds. */
const moved = { timeout: 5_000, interval: 20 };
const told = { timeout: 10_000, interval: 200 };
/** docs/decisions/0037-witness.md, and a margin for a busy machine. */
const twoOwners = { atMost: 800, margin: 500 };

const topology = edited(example("pair", "lab-witness"), [
  "\n  preempt: false",
  "\n  preempt: false\n  witness: [10.0.2.11, 10.0.2.12]",
]);
const { cluster } = topology;
const networks = cluster.networks.map(({ name }) => name);

describe("a pair with two witnesses", () => {
  let lab: Lab;
  let active: string;
  let standby: string;

  beforeAll(async () => {
    await ensureBuilt();
    lab = await labFor(topology, { switches: 0 });
  });
  afterAll(async () => void (await labDown(cluster.name)));
  beforeEach(async ({ onTestFailed }) => {
    onTestFailed(() => printAgentLogs(lab));
    ({ active, standby } = await calmLab(lab));
  });

  const everywhere = (act: (node: string, network: string) => Promise<void>, node: string) =>
    Promise.all(networks.map((network) => act(node, network)));
  const witnesses = (act: (machine: string, network: string) => Promise<void>) =>
    Promise.all(["c1", "c2"].map((machine) => act(machine, "controllers")));

  const agentsOn = async (node: string) => (await agentsOfLab(lab)).filter((agent) => agent.node === node);
  /** What `holdfast status` prints on that node. */
  const statusOn = async (node: string) => {
    const { answer } = await askFirst(await agentsOn(node), "status", {}, 5_000);
    return statusText(answer as unknown as ClusterStatus, (_, text) => text);
  };

  /** Looks at the owners until they are these; how many milliseconds there were two. */
  const twoUntil = async (owners: readonly string[]) => {
    let [first, last] = [0, 0];
    for (const until = performance.now() + moved.timeout; performance.now() < until; ) {
      const seen = await ownersOf(lab);
      if (seen.length > 1) [first, last] = [first || performance.now(), performance.now()];
      if (seen.join() === owners.join()) break;
    }
    expect(await ownersOf(lab)).toEqual(owners);
    return last - first;
  };

  test("a node that is cut off from everybody gives the virtual IPs up, says why, and comes back", async () => {
    try {
      await everywhere(lab.faults.pathDead, active);
      const two = await twoUntil([standby]);
      expect(two).toBeLessThan(twoOwners.atMost + twoOwners.margin);
      expect(await ownersWhile(lab, 1_500)).toEqual([standby]);
      const why = "no peer is heard, and none of the witnesses 10.0.2.11, 10.0.2.12 answers";
      expect(await statusOn(active)).toContain(`yields: ${why}`);
      const query = { last: "true", limit: 100 };
      const { answer } = await askFirst(await agentsOn(active), "events", { query }, 5_000);
      expect(answer.events.map(({ text }) => text)).toContain(`no-witness raised; this node yields: ${why}`);
    } finally {
      await everywhere(lab.faults.pathAlive, active);
    }
    expect((await calmLab(lab)).active).toBe(standby);
  });

  test.runIf(isThorough)("a node whose links are all down leaves them too", async () => {
    try {
      await everywhere(lab.faults.linkDown, active);
      await expect.poll(() => ownersOf(lab), moved).toEqual([standby]);
      expect(await ownersWhile(lab, 1_500)).toEqual([standby]);
    } finally {
      await everywhere(lab.faults.linkUp, active);
    }
    expect((await calmLab(lab)).active).toBe(standby);
  });

  test("silent witnesses move nothing between nodes that hear each other; a node that is then left alone waits for one", async () => {
    try {
      await witnesses(lab.faults.pathDead);
      await expect
        .poll(() => statusOn(standby), told)
        .toContain("gets no answer from witness 10.0.2.11, 10.0.2.12");
      expect(await ownersOf(lab)).toEqual([active]);
      await lab.faults.powerOff(active);
      // VRRP asks nobody; the witnesses' silence takes the virtual IPs back from it.
      await expect.poll(() => ownersOf(lab), moved).toEqual([standby]);
      await expect.poll(() => ownersOf(lab), moved).toEqual([]);
      await lab.faults.pathAlive("c2", "controllers");
      await expect.poll(() => ownersOf(lab), moved).toEqual([standby]);
      expect(await ownersWhile(lab, 1_500)).toEqual([standby]);
    } finally {
      await witnesses(lab.faults.pathAlive);
      await lab.faults.powerOn(active);
    }
    expect((await calmLab(lab)).active).toBe(standby);
  });
});
