import { expect, test } from "vitest";
import type { Beat, BeatNetwork } from "../../../src/agent/beats/beat.js";
import { type Contest, contestedNetworks, rivalOwners } from "../../../src/agent/judgement/contested.js";
import { nodeNamed } from "../../../src/topology/select.js";
import { exampleCluster } from "../../render/examples.js";

const cluster = exampleCluster("pair");
const [preferred, other] = ["lb-a", "lb-b"].map((name) => nodeNamed(cluster, name));
const beat = (node: string, vrrp: BeatNetwork["vrrp"], peers = ["lb-a", "lb-b"]) =>
  ({
    node,
    networks: { switches: { vrrp, peers }, controllers: { vrrp: "backup", peers } },
  }) as unknown as Beat;

const contest = (changes: Partial<Contest>): Contest => ({
  beats: [beat("lb-a", "master")],
  role: () => "master",
  left: [],
  hears: () => false,
  ...changes,
});
const seen = (node: typeof other, changes: Partial<Contest>) =>
  node === undefined ? null : [...contestedNetworks(cluster, node, contest(changes))];

test("the less preferred of two owners has a rival", () => {
  expect(seen(other, {})).toEqual(["switches"]);
  expect(seen(preferred, { beats: [beat("lb-b", "master")] })).toEqual([]);
});

test("one that is no owner has none, unless it has left and no advert would keep it from coming back", () => {
  const role = () => "fault" as const;
  expect(seen(other, { role })).toEqual([]);
  expect(seen(other, { role, left: ["switches"] })).toEqual(["switches"]);
  expect(seen(other, { role, left: ["switches"], hears: () => true })).toEqual([]);
  expect(seen(other, { role, left: ["switches"], beats: [beat("lb-a", "fault")] })).toEqual([]);
});

test("a preferred owner leaves to one that does not hear it at all: that one cannot leave", () => {
  const deaf = beat("lb-b", "master", []);
  expect(seen(preferred, { beats: [deaf] })).toEqual(["switches"]);
  expect(preferred && [...rivalOwners(cluster, preferred, [deaf])]).toEqual([["switches", "lb-b"]]);
  // It comes back when it is heard, whatever adverts arrive.
  const left = { role: () => "fault" as const, left: ["switches"], hears: () => true };
  expect(seen(preferred, { ...left, beats: [deaf] })).toEqual(["switches"]);
  expect(seen(preferred, { ...left, beats: [beat("lb-b", "master")] })).toEqual([]);
});
