import { expect, test } from "vitest";
import { linkName, type PeerLink, PeerLinks } from "../../../src/agent/beats/peer-links.js";
import type { Peer } from "../../../src/agent/beats/peers.js";

/** lb-b as it was heard last on each of its networks. */
const peer = (arrivals: Readonly<Record<string, number>>, on = Object.keys(arrivals)): Peer => ({
  beat: { networks: Object.fromEntries(on.map((name) => [name, {}])) } as unknown as Peer["beat"],
  at: Math.max(...Object.values(arrivals)),
  arrivals: new Map(Object.entries(arrivals).map(([network, at]) => [network, { sequence: 1, at }])),
});

function links(told: readonly PeerLink[] = []) {
  const said: string[] = [];
  const watch = new PeerLinks(
    ["switches", "management"],
    700,
    (lost, back) =>
      said.push(...lost.map((link) => `- ${linkName(link)}`), ...back.map((link) => `+ ${linkName(link)}`)),
    told,
  );
  const hear = (now: number, known: Peer) => watch.look(new Map([["lb-b", known]]), now);
  return { watch, said, hear };
}

test("a peer that is heard on one network and for three seconds no longer on another is told of once, and again when it is back", () => {
  const { watch, said, hear } = links();
  for (let now = 0; now <= 10_000; now += 500)
    hear(now, peer({ switches: now, management: Math.min(now, 4_000) }));
  expect(said).toEqual(["- lb-b on management"]);
  expect(watch.unheard).toEqual([{ peer: "lb-b", network: "management" }]);
  hear(11_000, peer({ switches: 11_000, management: 11_000 }));
  expect(said).toEqual(["- lb-b on management", "+ lb-b on management"]);
  expect(watch.unheard).toEqual([]);
});

test("a peer that was never heard on a network that it is on has the same time, from when it was first heard at all", () => {
  const { said, hear } = links();
  const seen = (now: number) => hear(now, peer({ switches: now }, ["switches", "management"]));
  for (const now of [50_000, 51_000, 52_900]) seen(now);
  expect(said).toEqual([]);
  seen(54_000);
  expect(said).toEqual(["- lb-b on management"]);
});

test("a peer that is silent everywhere is another matter, and has its time again when it returns", () => {
  const { watch, said, hear } = links([{ peer: "lb-b", network: "management" }]);
  hear(10_000, peer({ switches: 1_000, management: 1_000 }));
  expect([said, watch.unheard]).toEqual([[], []]);
  hear(20_000, peer({ switches: 20_000, management: 1_000 }));
  expect(said).toEqual([]);
});

test("a network that only one of the two is on is none", () => {
  const { said, hear } = links();
  for (let now = 0; now < 9_000; now += 1_000) hear(now, peer({ switches: now }));
  expect(said).toEqual([]);
});

test("what the agent before told is not told again, and its end is", () => {
  const { said, hear } = links([{ peer: "lb-b", network: "management" }]);
  hear(10_000, peer({ switches: 10_000, management: 2_000 }));
  expect(said).toEqual([]);
  hear(12_000, peer({ switches: 12_000, management: 12_000 }));
  expect(said).toEqual(["+ lb-b on management"]);
});
