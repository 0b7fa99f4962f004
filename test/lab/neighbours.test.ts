import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { subjectOf } from "../../src/cli/lab-subject.js";
import { powerLoss } from "../../src/drill/catalogue/power-loss.js";
import { runDrill } from "../../src/drill/run.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { isThorough } from "../thorough.js";
import { calmLab } from "./promises.js";
import { edited, ensureBuilt, example, labFor } from "./topology.js";

/** Three nodes, both families, a router; nobody takes anything back while a drill waits. */
const topology = edited(
  example("dual-stack", "lab-neighbours"),
  ["advert_interval: 500ms", "advert_interval: 100ms"],
  ["preempt: true", "preempt: false"],
);
let lab: Lab;

beforeAll(async () => {
  await ensureBuilt();
  lab = await labFor(topology, { switches: 0 });
});
afterAll(async () => void (await labDown(topology.cluster.name)));
beforeEach(async () => void (await calmLab(lab)));

// It takes half a minute each, for which `npm run soak` has the time. Every drill of a pair looks at neighbours, too.
const drill = () =>
  runDrill(powerLoss, subjectOf(lab), { progress: () => undefined, signal: new AbortController().signal });

/** Whatever its verdict says of milliseconds is the bench's business. */
const ofNeighbours = (reasons: readonly string[]) => reasons.filter((reason) => reason.includes("still has"));

/** At least the router, the clients and the servers, each with every virtual IP of its network. */
const least = 20;

/** A MAC that no announcement changes (ip-neighbour(8)). */
const pin = (machine: string, address: string, mac: string) =>
  lab
    .machine(machine)
    .exec(["ip", "neighbour", "replace", address, "lladdr", mac, "dev", "eth1", "nud", "permanent"]);
const unpin = (machine: string, address: string) =>
  lab.machine(machine).exec(["ip", "neighbour", "del", address, "dev", "eth1"]);

test.runIf(isThorough)("a power loss leaves no host with the old node's MAC, in either family", async () => {
  const { seen, verdict } = await drill();
  expect(ofNeighbours(verdict.reasons)).toEqual([]);
  expect(seen.neighbours.entries).toBeGreaterThan(least);
});

test.runIf(isThorough)("hosts that keep the old node's MAC fail the drill by name", async () => {
  const { active } = await calmLab(lab);
  const { macs } = lab.machine(active);
  const pinned = [
    ["router", "2001:db8:20:1::101", macs.access ?? ""] as const,
    ["old-collector", "10.20.2.1", macs.servers ?? ""] as const,
  ];
  for (const [machine, address, mac] of pinned) await pin(machine, address, mac);
  try {
    const { seen, verdict } = await drill();
    expect(seen.neighbours.entries).toBeGreaterThan(least);
    const still = pinned.map(
      ([machine, address, mac]) => `${machine} still has ${mac} (${active}) for ${address}, `,
    );
    expect(verdict.pass).toBe(false);
    expect(
      ofNeighbours(verdict.reasons)
        .map((reason) => reason.replace(/[\d.]+ s after$/, ""))
        .sort(),
    ).toEqual(still.sort());
  } finally {
    for (const [machine, address] of pinned) await unpin(machine, address);
  }
});
