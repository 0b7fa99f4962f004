import { expect, test } from "vitest";
import { echoRequest, repliesIn } from "../../src/preflight/echo.js";
import {
  type NeighbourFacts,
  neighbourFindings,
  parseEntries,
  type SeenReply,
} from "../../src/preflight/neighbours.js";
import { routedClients, routedFilter } from "../../src/preflight/routed-clients.js";
import { type Question, questionsOf } from "../../src/preflight/way-back.js";
import { shown, subject } from "./subject.js";

const pair = subject("pair");
const routed = subject("campus-routed");
const line = ({ about, network, name, source, needed }: Question) =>
  `${about} ${network} ${name} from ${source}${needed ? "" : " (not needed)"}`;

test("a standby asks its gateways alone: what goes through the virtual IPs does not come to it", () => {
  expect(questionsOf(pair.cluster, pair.node, false)).toEqual([]);
  expect(questionsOf(routed.cluster, routed.node, false).map(line)).toEqual([
    "gateway edge 10.0.1.1 from 10.0.1.2",
  ]);
});

test("the active node asks servers from the clients' side, and routers from behind itself", () => {
  expect(questionsOf(pair.cluster, pair.node, true).map(line)).toEqual([
    "itself controllers c1 from 10.0.2.2",
    "itself controllers c2 from 10.0.2.2",
    "itself controllers c3 from 10.0.2.2",
    "route controllers c1 from 10.0.1.2 (not needed)",
    "route controllers c2 from 10.0.1.2 (not needed)",
    "route controllers c3 from 10.0.1.2 (not needed)",
  ]);
  const own = questionsOf(routed.cluster, routed.node, true);
  expect(own.filter(({ about }) => about !== "itself").map(line)).toEqual([
    "gateway edge 10.0.1.1 from 10.0.1.2",
    "route controllers c1 from 10.0.1.2",
    "route controllers c2 from 10.0.1.2",
    "route controllers c3 from 10.0.1.2",
    "route edge 10.0.1.1 from 10.0.2.10",
  ]);
});

const mac = { own: "02:00:00:00:00:02", c1: "02:00:00:00:00:11", other: "02:00:00:00:00:99" };
const questions = questionsOf(pair.cluster, pair.node, true).filter(({ name }) => name === "c1");
const reply = (index: number, own: Partial<SeenReply> = {}): SeenReply => ({
  ...{ index, device: "eth2", source: "10.0.2.11", fromMac: mac.c1, toMac: mac.own },
  ...{ destination: questions[index]?.source ?? "", ...own },
});
const judged = (replies: readonly SeenReply[], needed = false) => {
  const facts: NeighbourFacts = {
    replies,
    entries: new Map([["eth2 10.0.2.11", { mac: mac.c1, state: "REACHABLE" }]]),
    macs: new Map([
      ["eth1", "02:00:00:00:00:01"],
      ["eth2", mac.own],
    ]),
  };
  return shown(
    neighbourFindings(
      questions.map((each) => ({ ...each, needed })),
      facts,
    ),
  );
};

test("a controller whose answers come back through the pair has its gateway there", () => {
  expect(judged([reply(0), reply(1)])).toEqual([
    `ok controllers: c1 (10.0.2.11): sends answers to 10.0.1.2 through the cluster, at ${mac.c1}`,
  ]);
});

test("one that answers its own network alone has another gateway, or none", () => {
  const [found = ""] = judged([reply(0)]);
  expect(found).toMatch(
    /^warning controllers: c1 \(10\.0\.2\.11\): sends answers to 10\.0\.1\.2 to somebody else, or nowhere/,
  );
  expect(found).toMatch(/-> on c1 \(10\.0\.2\.11\): ip route replace default via 10\.0\.2\.1$/);
  expect(judged([reply(0)], true)[0]).toMatch(/^error /);
});

test("answers that come round another way, or by way of somebody, are told with the MAC", () => {
  const around = judged(
    [reply(0), reply(1, { device: "eth1", fromMac: mac.other, toMac: "02:00:00:00:00:01" })],
    true,
  );
  expect(around[0]).toMatch(/^error .* another way: they come back on eth1, from 02:00:00:00:00:99/);
  expect(judged([reply(0), reply(1, { fromMac: mac.other })])[0]).toMatch(
    /^warning .* by way of 02:00:00:00:00:99/,
  );
});

test("of one that answers nobody nothing can be told, and of translated answers neither", () => {
  expect(judged([])[0]).toMatch(/^unknown .* does not answer ping even from beside it/);
  expect(judged([reply(0), reply(1, { destination: "10.0.1.100" })])[0]).toMatch(/^unknown .* translated/);
});

test("a gateway answers ping, or ARP alone, or is not there", () => {
  const asked = questionsOf(routed.cluster, routed.node, false);
  const found = (json: unknown, replies: readonly SeenReply[] = []) =>
    neighbourFindings(asked, { replies, entries: parseEntries(JSON.stringify(json)), macs: new Map() }).map(
      ({ status }) => status,
    );
  const entry = { dst: "10.0.1.1", dev: "eth1", lladdr: mac.other };
  expect(found([], [reply(0, { device: "eth1" })])).toEqual(["ok"]);
  expect(found([{ ...entry, state: ["REACHABLE"] }])).toEqual(["ok"]);
  expect(found([{ ...entry, state: ["STALE"] }])).toEqual(["unknown"]);
  expect(found([{ dst: "10.0.1.1", dev: "eth1", state: ["FAILED"] }])).toEqual(["error"]);
  expect(found([])).toEqual(["error"]);
});

test("packets from behind the router are to come by way of the next hop that leads back", () => {
  const gateway = "02:00:00:00:00:01";
  const entries = new Map([["eth1 10.0.1.1", { mac: gateway, state: "REACHABLE" }]]);
  const from = (source: readonly number[], by: string) => ({
    at: 0,
    bytes: Buffer.from(
      `${mac.own.replaceAll(":", "")}${by.replaceAll(":", "")}0800450000140000000040060000${Buffer.from(source).toString("hex")}0a00020a`,
      "hex",
    ),
  });
  const told = (...frames: ReturnType<typeof from>[]) =>
    shown([routedClients(routed.cluster, { network: "edge", device: "eth1" }, frames, entries)])[0];
  expect(told(from([192, 168, 10, 5], gateway))).toBe(
    `ok edge: from behind 10.0.1.1: packets from 192.168.10.5 come by way of ${gateway}`,
  );
  expect(told(from([192, 168, 10, 5], gateway), from([192, 168, 20, 7], mac.other))).toMatch(
    /^warning .* packets from 192\.168\.20\.7 come by way of 02:00:00:00:00:99; the way back leads to 10\.0\.1\.1 at 02:00:00:00:00:01/,
  );
  expect(told(from([172, 16, 0, 1], mac.other))).toMatch(/^unknown .* no packet came from there/);
  expect(routedFilter(routed.cluster, "edge", mac.own)).toBe(
    `ether dst ${mac.own} and (src net 192.168.10.0/24 or src net 192.168.20.0/24)`,
  );
});

test.each([
  { source: "10.0.2.10", target: "10.0.1.1" },
  { source: "fd00:1::2", target: "fd00:2::11" },
])(
  "an echo from $source is a packet whose checksums a receiver accepts, and its answer is known again",
  (way) => {
    const packet = echoRequest(way, 0x1234, 3);
    const six = way.source.includes(":");
    const message = packet.subarray(six ? 40 : 20);
    const pseudo = six
      ? Buffer.concat([packet.subarray(8, 40), Buffer.from([0, 0, 0, message.length, 0, 0, 0, 58])])
      : Buffer.alloc(0);
    expect(sum(Buffer.concat([pseudo, message]))).toBe(0xffff);
    if (!six) expect(sum(packet.subarray(0, 20))).toBe(0xffff);
    message.writeUInt8(six ? 129 : 0, 0);
    const ethernet = Buffer.concat([Buffer.alloc(12), Buffer.from(six ? [0x86, 0xdd] : [8, 0])]);
    const frame = { at: 0, bytes: Buffer.concat([ethernet, packet]) };
    expect(repliesIn([frame], 0x1234)).toMatchObject([
      { index: 3, source: way.source, destination: way.target },
    ]);
    expect(repliesIn([frame], 0x1235)).toEqual([]);
  },
);

/** RFC 1071: of what is right the sum is all ones. */
function sum(bytes: Buffer): number {
  let total = 0;
  for (let place = 0; place < bytes.length; place += 2) total += bytes.readUInt16BE(place);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}
