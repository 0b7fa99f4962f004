import { expect, test } from "vitest";
import { damagedPath, transactionPath } from "../../src/deploy/transaction-store.js";
import { dyingAt } from "./dying-host.js";
import { type NodeName, names, PairInMemory } from "./pair-in-memory.js";

const phases = (both: PairInMemory) =>
  Promise.all(names.map(async (name) => (await both.participant(name).record())?.phase));

test("a change is kept on both nodes, and history says who made it and why", async () => {
  const both = await PairInMemory.running();
  expect((await both.change(null)).outcome).toBe("kept");
  expect(await phases(both)).toEqual(["kept", "kept"]);
  for (const name of names) {
    expect(both.leftovers(name)).toEqual([]);
    const node = both.nodes[name];
    expect(await node.read("/var/lib/holdfast/current/manifest.json")).toMatch(/"author": "anna"/);
    expect((await node.status(transactionPath))?.mode).toBe(0o600);
  }
});

test("a node that is less fit afterwards takes the other one back with it", async () => {
  const again = await PairInMemory.running();
  const before = names.map((name) => again.stateOf(name));
  const commit = again.participant("lb-b").commit.bind(again.participant("lb-b"));
  again.participant("lb-b").commit = async (id) => {
    const done = await commit(id);
    again.sick.add("lb-b");
    return done;
  };
  expect((await again.change(null)).outcome).toBe("undone");
  expect(names.map((name) => again.stateOf(name))).toEqual(before);
});

test("a node that was not fit before may be changed, and need not be fit afterwards", async () => {
  const both = await PairInMemory.running();
  both.sick.add("lb-b");
  expect((await both.change(null)).outcome).toBe("kept");
});

test("a second change is refused, by name, while one is under way or on trial", async () => {
  const both = await PairInMemory.running();
  expect((await both.change(60_000)).outcome).toBe("trial");
  const second = both.participant("lb-b").prepare(both.proposal(null, "two"), "grown");
  await expect(second).rejects.toThrow(/another change is under way on lb-b \(by anna, since /);
});

test("from prepare to its end a change has the machine to itself", async () => {
  const both = await PairInMemory.running();
  const node = both.nodes["lb-b"];
  const participant = await both.startAgent("lb-b", node);
  const isFree = () => node.lock(async () => true).catch(() => false);
  expect(await isFree()).toBe(true);
  // With one that ended before it, which a prepare looks at first.
  for (const id of ["one", "two"]) {
    await participant.prepare(both.proposal(null, id), "grown");
    expect(await isFree()).toBe(false);
    await participant.commit(id);
    expect(await isFree()).toBe(false);
    await participant.hear(id, [{ node: "lb-a", phase: "aborted" }]);
    expect(await isFree()).toBe(true);
  }
});

test("drift is looked for again once a change is put back, not when that is decided", async () => {
  const both = await PairInMemory.running();
  const old = both.stateOf("lb-b");
  const seen: unknown[] = [];
  both.resumed = (name) => seen.push(both.stateOf(name));
  both.sick.add("lb-b");
  both.participant("lb-b").gate = async () => {
    throw new Error("HAProxy does not answer");
  };
  expect((await both.change(null)).outcome).toBe("undone");
  expect(seen).toContainEqual(old);
  expect(new Set(seen.map((state) => JSON.stringify(state))).size).toBe(2);
});

test("drift is looked for during a trial, and not while what was on trial is put back", async () => {
  const both = await PairInMemory.running();
  const before = both.stateOf("lb-b");
  const seen: [string, unknown][] = [];
  await both.change(60_000);
  const onTrial = both.stateOf("lb-b");
  both.suspended = (name) => name === "lb-b" && seen.push(["stand still", both.stateOf(name)]);
  both.resumed = (name) => name === "lb-b" && seen.push(["go on", both.stateOf(name)]);
  both.now += 60_000;
  await both.participant("lb-b").settle(new Map());
  expect(seen).toEqual([
    ["stand still", onTrial],
    ["go on", before],
  ]);
});

test("a peer that is quicker to prepare hears that its slow coordinator knows of the change, and waits", async () => {
  const both = await PairInMemory.running();
  let rendered = () => {};
  both.rendering = (name) =>
    new Promise((resolve) => {
      if (name === "lb-b") return resolve();
      rendered = resolve;
    });
  const slow = both.participant("lb-a").prepare(both.proposal(null), "grown");
  await both.participant("lb-b").prepare(both.proposal(null), "grown");
  await expect.poll(() => phases(both)).toEqual(["prepared", "prepared"]);
  const sight = (await both.participant("lb-a").record())?.phase ?? "nothing";
  expect(await both.participant("lb-b").settle(new Map([["lb-a", sight]]))).toBe("wait");
  rendered();
  await slow;
});

test("who takes part in a change is known before anything of it runs, and forgotten when it is put back", async () => {
  const both = await PairInMemory.running();
  const participant = both.participant("lb-b");
  expect(participant.joining).toBeNull();
  await participant.prepare(both.proposal(null), "grown");
  expect(participant.joining?.nodes.map(({ name }) => name)).toEqual(names);
  await participant.hear("one", [{ node: "lb-a", phase: "aborted" }]);
  expect(participant.joining).toBeNull();
});

test("a trial that nobody confirms ends with both nodes as they were, although an agent starts again", async () => {
  const both = await PairInMemory.running();
  const before = names.map((name) => both.stateOf(name));
  await both.change(60_000);
  await both.startAgent("lb-b");
  both.now += 59_000;
  await both.settleAll();
  expect(await phases(both)).toEqual(["trial", "trial"]);
  both.now += 1_000;
  await both.settleAll();
  expect(await phases(both)).toEqual(["aborted", "aborted"]);
  expect(names.map((name) => both.stateOf(name))).toEqual(before);
});

test("while a node still goes back its record says so already, and that what runs is not what it says", async () => {
  const both = await PairInMemory.running();
  await both.change(60_000);
  const seen = new Set<string>();
  both.nodes["lb-b"].faults.swap = (path) => {
    if (path.startsWith("/etc/")) seen.add(`ending: ${both.participant("lb-b").ending}`);
    return false;
  };
  expect(both.participant("lb-b").ending).toBe(false);
  both.now += 60_000;
  await both.settleAll();
  expect([...seen]).toEqual(["ending: true"]);
  expect(both.participant("lb-b").ending).toBe(false);
});

test("a record that cannot be read is put aside, said, and what was unfinished goes back", async () => {
  const both = await PairInMemory.running();
  const before = both.stateOf("lb-b");
  await both.change(60_000);
  both.nodes["lb-b"].put(transactionPath, "{");
  await both.startAgent("lb-b");
  expect(both.told.join("\n")).toMatch(/could not be read: it was moved to/);
  expect(await both.nodes["lb-b"].read(damagedPath)).toBe("{");
  both.nodes["lb-b"].files.delete(damagedPath);
  expect(both.stateOf("lb-b")).toEqual(before);
});

const courses: Readonly<Record<string, (both: PairInMemory) => Promise<unknown>>> = {
  "a change without a trial": (both) => both.change(null),
  "a change that is confirmed": async (both) => {
    await both.change(60_000);
    if (!both.isDead("lb-a")) await both.vote("keep", 60_000);
  },
  "a change that nobody confirms": async (both) => {
    await both.change(60_000);
    both.now += 61_000;
    await both.settleAll().catch(() => undefined);
  },
};

/** How both nodes stand before a change, and after one that nothing disturbs. */
async function undisturbed() {
  const pair = await PairInMemory.running();
  const old = names.map((name) => pair.stateOf(name));
  await pair.change(null);
  return { old, young: names.map((name) => pair.stateOf(name)) };
}

for (const [course, run] of Object.entries(courses))
  test(`${course}: an agent killed at any write leaves both nodes on one generation, and nothing behind`, async () => {
    const { old, young } = await undisturbed();
    const ends = { old: 0, new: 0 };
    for (const victim of names)
      for (const isDone of [false, true])
        for (let at = 0; ; at++) {
          const both = await killed(run, victim, at, isDone);
          if (both === null) break;
          const states = names.map((name) => both.stateOf(name));
          const isNew = JSON.stringify(states) === JSON.stringify(young);
          const where = `${victim} killed ${isDone ? "after" : "before"} write ${at}: ${(await phases(both)).join(", ")}\n${both.told.join("\n")}`;
          if (!isNew) expect(states, where).toEqual(old);
          expect(await phases(both), where).toEqual(
            isNew ? ["kept", "kept"] : expect.not.arrayContaining(["kept"]),
          );
          expect(
            names.flatMap((name) => both.leftovers(name)),
            where,
          ).toEqual([]);
          ends[isNew ? "new" : "old"]++;
        }
    console.log(
      `${course}: ${ends.old + ends.new} places to be killed at; ${ends.new} end on the new generation`,
    );
    expect(ends.old).toBeGreaterThan(20);
  }, 120_000);

for (const [course, run] of Object.entries(courses))
  test(`${course}: whatever write a full disk refuses, both nodes end on one generation, as their records say`, async () => {
    const { old, young } = await undisturbed();
    const ends = { old: 0, new: 0 };
    for (const victim of names)
      for (const write of ["stage", "swap"] as const)
        for (let at = 0; ; at++) {
          const both = await refused(run, victim, write, at);
          if (both === null) break;
          const words = await phases(both);
          const where = `${victim} refuses ${write} ${at}: ${words.join(", ")}\n${both.told.join("\n")}`;
          const isNew = words.includes("kept");
          expect(
            names.map((name) => both.stateOf(name)),
            where,
          ).toEqual(isNew ? young : old);
          expect(words, where).toEqual(isNew ? ["kept", "kept"] : expect.not.arrayContaining(["kept"]));
          // What is staged, and was not swapped, is overwritten by the next.
          if (write === "stage")
            expect(
              names.flatMap((name) => both.leftovers(name)),
              where,
            ).toEqual([]);
          ends[isNew ? "new" : "old"]++;
        }
    console.log(`${course}: ${ends.old + ends.new} writes refused; ${ends.new} end on the new generation`);
    expect(ends.old).toBeGreaterThan(20);
  }, 120_000);

test("an agent starts although its disk is full, whatever that left undone, and settles it once there is room", async () => {
  const { old, young } = await undisturbed();
  const undone: number[] = [];
  for (let room = 0; room < 30; room++) {
    const both = await PairInMemory.running();
    const { faults } = both.nodes["lb-b"];
    let writes = 0;
    const full = () => writes++ >= room;
    Object.assign(faults, { swap: full, stage: full });
    await both.change(null).catch(() => undefined);
    await both.startAgent("lb-b");
    if (writes > room) undone.push(room);
    Object.assign(faults, { swap: () => false, stage: () => false });
    both.now += 120_000;
    for (let left = 3; left > 0; left--) await both.settleAll().catch(() => undefined);
    const states = names.map((name) => both.stateOf(name));
    expect([old, young], `room for ${room} writes\n${both.told.join("\n")}`).toContainEqual(states);
  }
  expect(undone.length).toBeGreaterThan(5);
}, 60_000);

/** The pair at rest again after the victim's disk refused one write; null when there are not so many. */
async function refused(
  run: (both: PairInMemory) => Promise<unknown>,
  victim: NodeName,
  write: "stage" | "swap",
  at: number,
): Promise<PairInMemory | null> {
  const both = await PairInMemory.running();
  let writes = 0;
  both.nodes[victim].faults[write] = () => writes++ === at;
  await run(both).catch(() => undefined);
  both.now += 200_000;
  await both.settleAll();
  return writes > at ? both : null;
}

/** The pair at rest again after the victim's agent was killed and started; null when it lived to the end. */
async function killed(
  run: (both: PairInMemory) => Promise<unknown>,
  victim: NodeName,
  at: number,
  isDone: boolean,
): Promise<PairInMemory | null> {
  const both = await PairInMemory.running();
  const dying = dyingAt(both.nodes[victim], at, isDone);
  await both.startAgent(victim, dying.host).catch(() => undefined);
  both.isDead = (name) => name === victim && dying.isDead();
  await run(both).catch(() => undefined);
  if (!dying.isDead()) return null;
  both.isDead = () => false;
  await both.startAgent(victim);
  both.now += 200_000;
  await both.settleAll();
  return both;
}
