import { expect, test } from "vitest";
import { sightingOf } from "../../../src/agent/wire/frame.js";
import { Sightings } from "../../../src/agent/wire/sightings.js";
import { type Packet, PcapReader } from "../../../src/capture/pcap.js";
import { exampleCluster } from "../../render/examples.js";
import { captured, sightings as sightingsIn } from "./captured.js";

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

/** The pair, with the address that the recorded cluster's adverts announce. */
const recorded = {
  ...cluster,
  virtualIps: cluster.virtualIps.map((ip) => ({
    ...ip,
    addresses: ip.addresses.map((one) => (one.address === address ? { ...one, address: "10.9.1.100" } : one)),
  })),
};
const packets = new PcapReader(128).read(captured("take"));
const advertsOf = (all: Sightings) => all.on(name).filter(({ kind }) => kind === "advert");

test("what was kept unread is there when somebody asks, before whatever was seen later", () => {
  const [kept, added] = [new Sightings(recorded), new Sightings(recorded)];
  kept.keep(packets);
  for (const sighting of sightingsIn("take")) added.add(sighting);
  const later = { ...advert, at: Number.MAX_SAFE_INTEGER, source, addresses: [] };
  for (const sightings of [kept, added]) sightings.add(later);
  expect(advertsOf(added).length).toBeGreaterThan(1);
  expect(kept.on(name)).toEqual(added.on(name));
  expect(kept.on(name).at(-1)).toEqual(later);
});

test("of what nobody asks about the latest is kept, and no more than of what was read", () => {
  const sightings = new Sightings(recorded);
  const isAdvert = (packet: Packet) => {
    const sighting = sightingOf(packet);
    return sighting?.kind === "advert" && sighting.addresses.includes("10.9.1.100");
  };
  const packet = packets.find(isAdvert);
  if (packet === undefined) throw new Error("no advert was recorded");
  for (let at = 0; at < 10_000; at += 1) sightings.keep([{ ...packet, at }]);
  expect(advertsOf(sightings).length).toBeGreaterThanOrEqual(1_024);
  expect(advertsOf(sightings).length).toBeLessThanOrEqual(2_048);
  expect(sightings.on(name).at(-1)?.at).toBe(9_999);
});
