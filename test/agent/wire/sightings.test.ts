import { expect, test } from "vitest";
import { Sightings } from "../../../src/agent/wire/sightings.js";
import { exampleCluster } from "../../render/examples.js";

const cluster = exampleCluster("pair");
const [network] = cluster.networks.filter(({ virtualRouterId }) => virtualRouterId !== null);
const name = network?.name ?? "";
const address = cluster.virtualIps.find((ip) => ip.network === name)?.addresses[0]?.address ?? "";
const source =
  cluster.nodes[1]?.interfaces.find((face) => face.network === name)?.addresses[0]?.address ?? "";
const advert = { kind: "advert", mac: "02:00:00:00:00:01", priority: 253, outgoing: false } as const;

test("an advert is placed by its sender, a stranger's by what it announces, and others' business not at all", () => {
  const sightings = new Sightings(cluster);
  expect(sightings.add({ ...advert, at: 1, source, addresses: [] })).toBe(name);
  expect(sightings.add({ ...advert, at: 2, source: "192.0.2.7", addresses: [address] })).toBe(name);
  expect(sightings.add({ ...advert, at: 3, source: "192.0.2.7", addresses: ["192.0.2.100"] })).toBeNull();
  expect(sightings.on(name)).toHaveLength(2);
});

test("a busy service does not push the adverts out, and nothing grows without end", () => {
  const sightings = new Sightings(cluster);
  sightings.add({ ...advert, at: 0, source, addresses: [] });
  for (let at = 1; at < 5_000; at += 1)
    sightings.add({ kind: "traffic", at: 1_000 + at, outgoing: true, addresses: [address] });
  expect(sightings.on(name).filter(({ kind }) => kind === "advert")).toHaveLength(1);
  expect(sightings.on(name)).toHaveLength(6);
  for (let at = 0; at < 10_000; at += 1) sightings.add({ ...advert, at, source, addresses: [] });
  expect(sightings.on(name).length).toBeLessThanOrEqual(2_048);
  expect(sightings.on(name).at(-1)?.at).toBe(9_999);
});
