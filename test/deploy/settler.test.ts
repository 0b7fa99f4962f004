import { expect, test } from "vitest";
import { Settler } from "../../src/deploy/settler.js";
import { type NodeName, names, PairInMemory } from "./pair-in-memory.js";

const settlerOf = (
  both: PairInMemory,
  name: NodeName,
  reaches: () => boolean = () => true,
  doubt: (why: string | null) => void = () => undefined,
) => {
  const [other = name] = names.filter((one) => one !== name);
  const answer = <T>(work: () => Promise<T>): Promise<T> =>
    reaches() ? work() : Promise.reject(new Error("no route"));
  return new Settler({
    own: both.participant(name),
    peers: () => [
      {
        node: other,
        record: () => answer(() => both.participant(other).record()),
        hear: (id, words) => answer(() => both.participant(other).hear(id, words)),
      },
    ],
    steady: () => both.now,
    after: () => () => undefined,
    doubt,
    tell: (sentence) => both.told.push(sentence),
  });
};

const phaseOf = async (both: PairInMemory, name: NodeName) => (await both.participant(name).record())?.phase;

test("a trial is over on both nodes as soon as it is over on one of them", async () => {
  const both = await PairInMemory.running();
  await both.change(60_000);
  const settler = settlerOf(both, "lb-b");
  await settler.look();
  both.now += 59_999;
  await settler.look();
  expect(await phaseOf(both, "lb-b")).toBe("trial");
  both.now += 1;
  await settler.look();
  expect([await phaseOf(both, "lb-a"), await phaseOf(both, "lb-b")]).toEqual(["aborted", "aborted"]);
});

test("a node that is cut off goes back when its trial is over", async () => {
  const both = await PairInMemory.running();
  const before = both.stateOf("lb-b");
  await both.change(60_000);
  const settler = settlerOf(both, "lb-b", () => false);
  both.now += 60_000;
  await settler.look();
  expect(both.stateOf("lb-b")).toEqual(before);
  expect(both.told.join("\n")).toMatch(
    "generation 2 was not confirmed within 60 s: this node goes back to generation 1",
  );
});

test("a trial takes as long as it was to, whatever somebody sets the clock to meanwhile", async () => {
  for (const hours of [-2, 2]) {
    const both = await PairInMemory.running();
    await both.change(60_000);
    both.setAhead = hours * 3_600_000;
    const settler = settlerOf(both, "lb-b");
    both.now += 59_999;
    await settler.look();
    expect(await phaseOf(both, "lb-b")).toBe("trial");
    both.now += 1;
    await settler.look();
    expect(await phaseOf(both, "lb-b")).toBe("aborted");
  }
});

test("an agent that starts again after the clock was set back waits for no longer than the whole trial", async () => {
  const both = await PairInMemory.running();
  await both.change(60_000);
  both.setAhead = -3_600_000;
  await both.startAgent("lb-b");
  both.now += 60_000;
  await settlerOf(both, "lb-b").look();
  expect(await phaseOf(both, "lb-b")).toBe("aborted");
});

test("a node that voted for keeping and hears nothing more says so, keeps serving, and settles when its peer is back", async () => {
  const both = await PairInMemory.running();
  await both.change(60_000);
  let reaches = false;
  const doubts: (string | null)[] = [];
  const settler = settlerOf(
    both,
    "lb-a",
    () => reaches,
    (why) => doubts.push(why),
  );
  await both.participant("lb-a").decide("one", "keep");
  both.now += 70_000;
  await settler.look();
  expect(await phaseOf(both, "lb-a")).toBe("deciding");
  expect(doubts).toEqual(["generation 2 runs here, and whether it is kept is known once lb-b answers"]);
  reaches = true;
  await both.participant("lb-b").hear("one", [{ node: "lb-a", phase: "deciding" }]);
  await settler.look();
  expect(doubts.at(-1)).toBeNull();
  expect([await phaseOf(both, "lb-a"), await phaseOf(both, "lb-b")]).toEqual(["kept", "kept"]);
});

test("a vote that waits for the others is no doubt while they are at work, though a peer is heard anew", async () => {
  const both = await PairInMemory.running();
  const doubts: (string | null)[] = [];
  const settler = settlerOf(
    both,
    "lb-a",
    () => true,
    (why) => doubts.push(why),
  );
  await settler.look();
  for (const name of ["lb-a", "lb-b"] as const) {
    await both.participant(name).prepare(both.proposal(null), "grown");
    await both.participant(name).commit("one");
  }
  for (const name of ["lb-a", "lb-b"] as const) await both.participant(name).gate("one", true);
  await both.participant("lb-a").decide("one", "keep");
  settler.notice();
  await settler.look();
  expect(await phaseOf(both, "lb-a")).toBe("deciding");
  expect(doubts).toEqual([]);
  both.now += 3_000;
  await settler.look();
  expect(doubts.length).toBeGreaterThan(0);
});

test("a node that only prepared goes back alone once its coordinator is silent for longer than its patience", async () => {
  const both = await PairInMemory.running();
  const before = both.stateOf("lb-b");
  await both.participant("lb-b").prepare(both.proposal(null), "grown");
  const settler = settlerOf(both, "lb-b", () => false);
  const early = settlerOf(both, "lb-b", () => true);
  both.now += 3_000;
  await settler.look();
  expect(await phaseOf(both, "lb-b")).toBe("aborted");
  expect(both.stateOf("lb-b")).toEqual(before);
  expect(both.leftovers("lb-b")).toEqual([]);
  await early.look();
});

test("what cannot be put back now is put back as soon as it can", async () => {
  const both = await PairInMemory.running();
  const before = both.stateOf("lb-b");
  await both.change(60_000);
  const node = both.nodes["lb-b"];
  const works = node.faults.swap;
  node.faults.swap = (path) => path.startsWith("/etc/") || works(path);
  both.now += 60_000;
  const settler = settlerOf(both, "lb-b");
  await settler.look();
  expect(await phaseOf(both, "lb-b")).toBe("aborted");
  expect(both.told.join("\n")).toMatch(/could not be ended here, which is tried again: .*no space left/);
  node.faults.swap = works;
  both.now += 10_000;
  await settler.look();
  expect(both.stateOf("lb-b")).toEqual(before);
});
