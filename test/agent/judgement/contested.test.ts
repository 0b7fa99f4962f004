import { expect, test } from "vitest";
import type { Beat, BeatNetwork } from "../../../src/agent/beats/beat.js";
import { type Contest, contestedNetworks } from "../../../src/agent/judgement/contested.js";
import { nodeNamed } from "../../../src/topology/select.js";
import { exampleCluster } from "../../render/examples.js";

const cluster = exampleCluster("pair");
const [preferred, other] = ["lb-a", "lb-b"].map((name) => nodeNamed(cluster, name));
const beat = (node: string, vrrp: BeatNetwork["vrrp"]) =>
  ({ node, networks: { switches: { vrrp }, controllers: { vrrp: "backup" } } }) as unknown as Beat;

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
  expect(seen(other, {})).toEqual([["switches", "lb-a"]]);
  expect(seen(preferred, { beats: [beat("lb-b", "master")] })).toEqual([]);
});

test("one that is no owner has none, unless it has left and no advert would keep it from coming back", () => {
  const role = () => "fault" as const;
  expect(seen(other, { role })).toEqual([]);
  expect(seen(other, { role, left: ["switches"] })).toEqual([["switches", "lb-a"]]);
  expect(seen(other, { role, left: ["switches"], hears: () => true })).toEqual([]);
  expect(seen(other, { role, left: ["switches"], beats: [beat("lb-a", "fault")] })).toEqual([]);
});
