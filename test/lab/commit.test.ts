import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NodeReport } from "../../src/fleet/node-report.js";
import { few, isThorough, some } from "../thorough.js";
import {
  CommitRig,
  type Course,
  confirmation,
  type Part,
  type Undertaking,
  wholeChange,
} from "./commit-rig.js";
import { type Doom, NeverCame } from "./doomed-agents.js";
import { printAgentLogs } from "./promises.js";
import { example, threeNodes, type Written } from "./topology.js";

/** Milliseconds that a service may be silent on a busy machine although nothing moved; a failover takes 325 more. */
const unnoticed = 500;
const failover = 1_500;

/** It hears that its peer is ahead, cannot ask it, and says both. */
async function isBehind(rig: CommitRig, node: string): Promise<void> {
  const agent = rig.agents.client(node);
  const behind = {
    faults: ["unsettled"],
    unsettled: expect.stringMatching(/runs generation \d+, this node \d+, and its agent does not answer/),
  };
  await expect.poll(() => agent.call("state", {}), { timeout: 15_000, interval: 200 }).toMatchObject(behind);
  const { report } = (await agent.call("node", {})) as unknown as NodeReport;
  expect(report.unheard).toEqual([`${await rig.active()} on management`]);
}

interface Case {
  readonly part: Part;
  readonly doom: Doom;
  readonly what: string;
}

const nameOf = ({ part, doom, what }: Case) => `${part} ${doom.end} ${doom.moment} '${what}'`;

/** Writes that say where a change stands. Between any two others a node that starts again sees the same. */
const isMark = (what: string) => /transaction\.json|journal\.json|current/.test(what);

/** Each agent killed before every write and right after each mark; each node without power after each mark. */
function casesOf(steps: Record<Part, string[]>, matters: (what: string, step: number) => boolean): Case[] {
  const parts = ["coordinator", "other"] as const;
  const variants = [
    ["before", "kill", () => true],
    ["after", "kill", isMark],
    ["after", "power", isMark],
  ] as const;
  return parts.flatMap((part) =>
    variants.flatMap(([moment, end, applies]) =>
      steps[part].flatMap((what, index): Case[] =>
        applies(what) && matters(what, index + 1)
          ? [{ part, doom: { step: index + 1, moment, end }, what }]
          : [],
      ),
    ),
  );
}

/** One of each kind: of the coordinator's in the midst, where all goes back, of the other's the last, where all goes on. */
function oneOfEach(all: readonly Case[]): Case[] {
  const kind = ({ part, doom: { moment, end } }: Case) => `${part} ${moment} ${end}`;
  return [...new Set(all.map(kind))].flatMap((one) => {
    const those = all.filter((each) => kind(each) === one);
    return those.at(those[0]?.part === "coordinator" ? those.length / 2 : -1) ?? [];
  });
}

/** What is wrong with how it went; an empty text where nothing is. */
function complaint(
  { part, doom }: Case,
  { owners: [before, after], outage, isNew, told, said }: Course,
): string {
  const moves = doom.end === "power" && part === "coordinator";
  if (!moves && before !== after)
    return [`the virtual IPs moved from ${before} to ${after}`, ...said].join("\n  ");
  const drift = said.filter((sentence) => sentence.includes(" drift: "));
  if (drift.length > 0) return `a change was called drift: ${drift.join("; ")}`;
  if (outage > (moves ? failover : unnoticed)) return `nothing answered for ${outage} ms`;
  if (told === "kept" && !isNew) return "it was called kept, and is not";
  if (told === "undone" && isNew) return "it was called undone, and is not";
  return "";
}

/** Two labs of the same topology: a case is mostly waiting, and what it waits for is its own. */
const twice = async (written: (name: string) => Written, name: string): Promise<CommitRig[]> => [
  await CommitRig.open(written(name)),
  await CommitRig.open(written(`${name}-too`)),
];

/** The writes of a change, the same in every lab. */
async function stepsOf(
  rigs: readonly CommitRig[],
  undertaking = wholeChange,
): Promise<Record<Part, string[]>> {
  const [first, ...others] = await Promise.all(rigs.map((rig) => rig.record(undertaking)));
  if (first === undefined) throw new Error("no lab");
  // A generation's digest is that of its lab's own topology.
  const plain = (steps: Record<Part, string[]>) => JSON.stringify(steps).replaceAll(/-[0-9a-f]{12}\b/g, "");
  for (const other of others) expect(plain(other)).toBe(plain(first));
  return first;
}

/** A change that another reason ended before the step came is tried once more. */
async function endure(rig: CommitRig, one: Case, undertaking: Undertaking): Promise<Course> {
  try {
    return await rig.endure(one.part, one.doom, undertaking);
  } catch (error) {
    if (!(error instanceof NeverCame)) {
      await printAgentLogs(rig.lab);
      throw new Error(`${nameOf(one)}: ${String(error)}`);
    }
    await rig.settled();
    await rig.look();
    return rig.endure(one.part, one.doom, undertaking);
  }
}

/** Goes through them, each in whichever lab is free. */
async function endureAll(
  rigs: readonly CommitRig[],
  all: readonly Case[],
  undertaking = wholeChange,
): Promise<void> {
  const cases = few(all, oneOfEach(all));
  const wrong: string[] = [];
  const ends = { old: 0, new: 0 };
  let longest = 0;
  const left = cases.values();
  const through = async (rig: CommitRig) => {
    for (const one of left) {
      const course = await endure(rig, one, undertaking);
      const why = complaint(one, course);
      if (why !== "") wrong.push(`${nameOf(one)}: ${why}`);
      ends[course.isNew ? "new" : "old"]++;
      longest = Math.max(longest, course.settled);
      if (process.env.HOLDFAST_CASES) console.log(nameOf(one), JSON.stringify(course));
    }
  };
  await Promise.all(rigs.map(through));
  expect(ends.old + ends.new).toBe(cases.length);
  console.log(
    `${cases.length} of ${all.length} cases: ${ends.new} ended on the new generation, ${ends.old} on the old one, none on both; all was well again after at most ${(longest / 1000).toFixed(1)} s`,
  );
  expect(wrong).toEqual([]);
}

describe("a pair", () => {
  let rigs: CommitRig[] = [];
  let rig: CommitRig;
  beforeAll(async () => {
    rigs = await twice((name) => example("pair", name), "lab-commit");
    rig = rigs[0] as CommitRig;
  });
  afterAll(() => Promise.all(rigs.map((each) => each.close())));

  test("an agent killed, or a node without power, at any step of a change: one generation everywhere, served throughout", {
    timeout: 1_800_000,
  }, async () => {
    const steps = await stepsOf(rigs);
    expect(steps.coordinator.length).toBeGreaterThan(10);
    await endureAll(
      rigs,
      casesOf(steps, () => true),
    );
  });

  test.runIf(isThorough)(
    "an agent killed, or a node without power, at any step of a confirmation: one generation everywhere",
    {
      timeout: 900_000,
    },
    async () => {
      const confirming = confirmation(5_000);
      const steps = await stepsOf(rigs, confirming);
      expect(steps.coordinator.length).toBeGreaterThan(0);
      await endureAll(
        rigs,
        casesOf(steps, () => true),
        confirming,
      );
    },
  );

  test("a command that is killed changes nothing: its change goes on to the end", {
    timeout: 600_000,
  }, async () => {
    const { coordinator } = await rig.record();
    const directory = mkdtempSync(join(tmpdir(), "holdfast-commit-"));
    const file = join(directory, "topology.yaml");
    const points = some(
      coordinator.flatMap((what, index) => (isMark(what) ? [index + 1] : [])),
      6,
    );
    try {
      for (const step of points) {
        writeFileSync(file, rig.wanted.text);
        const course = await rig.disturb(() => killCommandAt(rig, file, step));
        expect(course).toMatchObject({ isNew: true });
        expect(course.owners[0]).toBe(course.owners[1]);
        expect(course.outage).toBeLessThan(unnoticed);
      }
      console.log(`${points.length} cases: the command was killed, and the change was kept`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("a node out of reach: nothing changes anywhere, and within five seconds it is said which and why", {
    timeout: 300_000,
  }, async () => {
    const other = await rig.playing("other");
    const ways = {
      "its cable is cut": [
        () => rig.lab.faults.linkDown(other, "management"),
        () => rig.lab.faults.linkUp(other, "management"),
      ],
      "it has no power": [
        () => rig.lab.faults.powerOff(other),
        () => rig.agents.comeBack(other, { end: "power" }),
      ],
      "its agent is dead": [() => rig.agents.kill(other), () => rig.agents.comeBack(other, { end: "kill" })],
    } as const;
    const all = Object.entries(ways);
    for (const [way, [take, giveBack]] of few(all, all.slice(0, 1))) {
      await take();
      const began = Date.now();
      const refusal = await rig.apply().then(String, (error: Error) => error.message);
      const took = Date.now() - began;
      expect(refusal, way).toMatch(
        new RegExp(`${other}.*\n?.*Nothing was changed anywhere; '--without ${other}'`),
      );
      expect(took, way).toBeLessThan(5_000);
      expect(await rig.look(), way).toBe(false);
      expect((await rig.apply({ without: [other] })).outcome, way).toBe("kept");
      if (way === "its cable is cut") await isBehind(rig, other);
      await giveBack();
      const caughtUp = await rig.settled();
      expect(await rig.look(), way).toBe(true);
      console.log(`${way}: said after ${took} ms; back and caught up after ${caughtUp} ms`);
    }
  });

  test("a trial that nobody confirms ends on time, also where an agent starts again over it", {
    timeout: 300_000,
  }, async () => {
    const trial = 6_000;
    const deaths = (["coordinator", "other"] as const).flatMap((part) =>
      [1_000, trial - 300].map((killAfter) => ({ part, killAfter })),
    );
    for (const { part, killAfter } of few(deaths, deaths.slice(1, 2))) {
      const { outcome } = await rig.apply({ confirmTimeout: trial });
      expect(outcome).toBe("trial");
      const began = Date.now();
      const victim = await rig.playing(part);
      await sleep(killAfter);
      await rig.agents.kill(victim);
      await rig.agents.comeBack(victim, { end: "kill" });
      await sleep(began + trial - Date.now());
      await rig.settled();
      const took = Date.now() - began;
      expect(await rig.look()).toBe(false);
      // Its agent starts again, and all is in sync, within this time on a busy machine too.
      expect(took).toBeLessThan(trial + 10_000);
      console.log(
        `${part} killed after ${killAfter} ms of a trial of ${trial} ms: all back after ${took} ms`,
      );
    }
  });
});

describe.runIf(isThorough)("three nodes", () => {
  let rigs: CommitRig[] = [];
  beforeAll(async () => {
    rigs = await twice(threeNodes, "lab-commit-three");
  });
  afterAll(() => Promise.all(rigs.map((each) => each.close())));

  test("an agent killed, or a node without power, at any step of the vote: one generation everywhere", {
    timeout: 900_000,
  }, async () => {
    const steps = await stepsOf(rigs);
    const linked = {
      coordinator: steps.coordinator.indexOf("link current"),
      other: steps.other.indexOf("link current"),
    };
    const cases = casesOf(steps, isMark).filter(({ part, doom }) => doom.step > linked[part] + 1);
    await endureAll(rigs, cases);
  });
});

/** `holdfast apply` as an operator types it, killed as soon as the coordinator comes to that step. */
async function killCommandAt(rig: CommitRig, file: string, step: number): Promise<void> {
  const [coordinator = ""] = rig.nodes; // The first that the command asks.
  await rig.agents.arm(coordinator, { step: 0, moment: "before", end: "kill" });
  const command = spawn(process.execPath, ["dist/cli/main.js", "apply", "--lab", "--yes", "-f", file], {
    stdio: "ignore",
  });
  const gone = once(command, "exit");
  while (command.exitCode === null && rig.agents.steps(coordinator).length < step) await sleep(2);
  command.kill("SIGKILL");
  await gone;
  await rig.agents.disarm(coordinator);
  while ((await rig.agents.client(coordinator).call("history", {})).transaction !== null) await sleep(20);
}
