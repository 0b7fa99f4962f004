import { expect, test } from "vitest";
import {
  canonical,
  digestOf,
  generationAt,
  generationPaths,
  nextGeneration,
  outdated,
  parseManifest,
} from "../../src/deploy/generation.js";
import { pair } from "./topologies.js";

test("a digest says topology and program version, not the order of keys", () => {
  const shuffled = { ...pair, name: pair.name, networks: pair.networks };
  expect(digestOf(shuffled, "1")).toBe(digestOf(pair, "1"));
  expect(digestOf(pair, "2")).not.toBe(digestOf(pair, "1"));
  expect(canonical({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
});

test("nodes that agree keep their generation; a node that is behind makes all of them take a new number", () => {
  const at = (number: number, digest = "aa") => ({
    current: { number, digest },
    numbers: [number],
    proposed: number,
  });
  const none = { current: null, numbers: [], proposed: 0 };
  expect(nextGeneration([at(4), at(4)], "aa")).toEqual({ number: 4, digest: "aa" });
  expect(nextGeneration([at(4), at(3)], "aa")).toEqual({ number: 5, digest: "aa" });
  expect(nextGeneration([at(4), none], "aa")).toEqual({ number: 5, digest: "aa" });
  expect(nextGeneration([none, none], "aa")).toEqual({ number: 1, digest: "aa" });
  expect(nextGeneration([at(4, "bb"), at(4, "bb")], "aa")).toEqual({ number: 5, digest: "aa" });
});

test("a number that was proposed to any node is never given again, whatever became of it", () => {
  const undone = { current: { number: 4, digest: "aa" }, numbers: [3, 4], proposed: 6 };
  const kept = { ...undone, proposed: 4 };
  expect(nextGeneration([kept, undone], "bb")).toEqual({ number: 7, digest: "bb" });
  expect(nextGeneration([kept, undone], "aa")).toEqual({ number: 4, digest: "aa" });
});

test("history keeps the last twenty generations, and the current one whatever its age", () => {
  const at = (number: number, digest = "aa") => ({ number, digest });
  const all = Array.from({ length: 25 }, (_, index) => at(index + 1));
  const forgotten = (current: number) => outdated(all, at(current)).map(({ number }) => number);
  expect(forgotten(25)).toEqual([1, 2, 3, 4, 5]);
  expect(forgotten(2)).toEqual([1, 3, 4, 5, 6]);
  expect(outdated([at(1), at(2)], at(2))).toEqual([]);
});

test("of two generations with one number history keeps the one that runs", () => {
  const [mine, theirs] = [
    { number: 2, digest: "aa" },
    { number: 2, digest: "bb" },
  ];
  expect(outdated([mine, theirs, { number: 1, digest: "aa" }], theirs)).toEqual([mine]);
});

test("a generation's place says number and digest, and no other name is taken for one", () => {
  const generation = { number: 12, digest: "0123456789ab" };
  expect(generationAt(generationPaths.of(generation))).toEqual(generation);
  for (const name of ["", "12", "0-aa", "12-", "12-a.b", ".12-aa.holdfast-new", "12-aa/files"])
    expect(generationAt(name), name).toBeNull();
});

test("a damaged manifest is refused: nothing may be removed on its word", () => {
  expect(() =>
    parseManifest('{"schema":"holdfast/generation/v1","files":[{"path":"/etc/passwd"}]}'),
  ).toThrow();
});
