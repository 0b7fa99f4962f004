import { expect, test } from "vitest";
import { loadTopology } from "../../src/topology/load.js";
import { complaintAboutTopology, wildTopology } from "./wild-topology.js";

const seeds = Array.from({ length: 400 }, (_, seed) => seed);

test("whatever a topology has become, it is read or refused, and what is read is rendered in its place", () => {
  const wrong = seeds.flatMap((seed) => {
    const complaint = complaintAboutTopology(seed);
    return complaint === "" ? [] : [`${seed}: ${complaint}`];
  });
  expect(wrong).toEqual([]);
}, 120_000);

test("some of them are good, most are not", () => {
  const accepted = seeds.filter((seed) => loadTopology(wildTopology(seed)).cluster !== null).length;
  expect(accepted).toBeGreaterThan(seeds.length / 10);
  expect(accepted).toBeLessThan(seeds.length / 2);
}, 60_000);
