import { expect, test } from "vitest";
import { MirrorNews } from "../../../src/agent/mirror/mirror-news.js";
import type { MirrorReport, SwitchReport } from "../../../src/mirror/report.js";

const aSwitch = (rest: Partial<SwitchReport> = {}): SwitchReport => ({
  ...{ datapath: "0000000000000001", auxiliary: 0, version: "1.3", client: "10.0.1.5 40000" },
  ...{
    state: "live",
    why: "",
    messages: 3,
    bytes: 300,
    types: {},
    queued: { messages: 0, bytes: 0 },
    lag: 0,
  },
  ...{
    delivered: 2,
    dropped: 0,
    resyncs: 0,
    lostBytes: 0,
    writes: 0,
    parted: 0,
    inherited: false,
    met: false,
  },
  connection: { messages: 3, dropped: 0, lostBytes: 0 },
  ...rest,
});
const report = (switches: readonly SwitchReport[], trouble: string | null = null): MirrorReport => ({
  ...{
    service: "openflow",
    trouble,
    refused: 0,
    switches,
    totals: { messages: 0, dropped: 0, resyncs: 0, lostBytes: 0 },
  },
});
const refused = aSwitch({ state: "apart", why: "connect ECONNREFUSED" });

function reader() {
  let now = 0;
  const news = new MirrorNews(() => now);
  news.began("openflow");
  const read = (each: MirrorReport) => {
    now += 1_000;
    return news.read(each).map(({ text }) => text);
  };
  return { news, read };
}

test("a master controller that stays away is told of once, and so is its return", () => {
  const { read } = reader();
  const told = [report([refused]), report([refused]), report([refused]), report([refused])].map(read);
  expect(told).toEqual([
    [],
    [],
    ["the master controller does not get the copy of openflow: connect ECONNREFUSED"],
    [],
  ]);
  expect(read(report([aSwitch()]))).toEqual(["the master controller gets the copy of openflow again"]);
  expect(read(report([aSwitch()]))).toEqual([]);
});

test("one that was away for a moment is not worth a word, and neither are switches that are not known yet, or silent", () => {
  const { read } = reader();
  const unknown = report([aSwitch({ state: "unidentified", datapath: null }), aSwitch({ state: "silent" })]);
  for (const each of [
    report([refused]),
    report([refused]),
    report([aSwitch(), refused]),
    unknown,
    unknown,
    unknown,
    report([]),
  ])
    expect(read(each)).toEqual([]);
});

test("switches that all stay unknown are told of once, after longer than a new connection takes, and so is that they are known", () => {
  const { read } = reader();
  const unknown = report([aSwitch({ state: "unidentified", datapath: null, met: true })]);
  const connecting = report([aSwitch({ state: "connecting" })]);
  const times = (count: number, each: MirrorReport) => Array.from({ length: count }, () => read(each)).flat();
  expect([...times(10, unknown), ...times(1, connecting), ...times(1, report([aSwitch()]))]).toEqual([]);
  expect(times(30, unknown)).toEqual([
    "the master controller does not get the copy of openflow: the switches connected before it was mirrored, and will be known when they connect anew",
  ]);
  expect(times(2, report([aSwitch(), aSwitch({ state: "unidentified", datapath: null })]))).toEqual([
    "the master controller gets the copy of openflow again",
  ]);
});

test("where somebody who says nothing of himself came meanwhile, no more is said than that nobody is known", () => {
  const { read } = reader();
  const unknown = aSwitch({ state: "unidentified", datapath: null });
  const told = Array.from({ length: 12 }, () => read(report([{ ...unknown, met: true }, unknown]))).flat();
  expect(told).toEqual([
    "the master controller does not get the copy of openflow: no switch has said who it is",
  ]);
});

test("trouble that has been waited for is told of at once", () => {
  const news = new MirrorNews(() => 0);
  news.began("openflow");
  expect(news.read(report([], "it hangs"), true).map(({ text }) => text)).toEqual([
    "the master controller does not get the copy of openflow: nothing is copied: it hangs",
  ]);
});

test("a capture that fails is told of, with or without switches", () => {
  const { read } = reader();
  const broken = report([], "tcpdump ended by exit code 1");
  expect([broken, broken, broken].flatMap(read)).toEqual([
    "the master controller does not get the copy of openflow: nothing is copied: tcpdump ended by exit code 1",
  ]);
});

/** A switch that this node goes on with. */
const heir = (
  client: string,
  connection: SwitchReport["connection"],
  state: SwitchReport["state"] = "live",
) => aSwitch({ client, inherited: true, connection, state });
const silent = { messages: 0, dropped: 0, lostBytes: 0 };
const whole = { messages: 9, dropped: 0, lostBytes: 0 };
const holed = { messages: 9, dropped: 0, lostBytes: 128 };

test("what a takeover cost is told once, when it has settled", () => {
  const { read } = reader();
  const inherited = report([
    heir("10.0.1.5 1", { ...holed, dropped: 3 }),
    heir("10.0.1.6 1", whole, "connecting"),
  ]);
  const told = Array.from({ length: 6 }, () => read(inherited)).flat();
  expect(told).toEqual([
    "the copy of openflow goes on here: 1 of 2 switches at the master controller, without 3 messages that waited and at most 128 bytes that were not seen here",
  ]);
});

test("what was missing at an earlier takeover, or on another connection of the switch, is not told again", () => {
  const { read } = reader();
  const again = report([
    aSwitch({ inherited: true, lostBytes: 500, dropped: 7, connection: whole }),
    aSwitch({ client: "10.0.1.6 1", lostBytes: 64, connection: holed }),
  ]);
  expect(Array.from({ length: 4 }, () => read(again)).flat()).toEqual([
    "the copy of openflow goes on here: 1 of 1 switches at the master controller, with nothing missing",
  ]);
});

test("what is missing before the first word of a switch that was silent is told when it speaks, once a minute at most", () => {
  const { read } = reader();
  const clients = ["10.0.1.5 1", "10.0.1.6 1", "10.0.1.7 1", "10.0.1.8 1"];
  const told = (...connections: SwitchReport["connection"][]) =>
    read(report(clients.map((client, index) => heir(client, connections[index] ?? whole))));
  const first = Array.from({ length: 5 }, () => told(whole, silent, silent, silent)).flat();
  expect(first).toEqual([
    "the copy of openflow goes on here: 4 of 4 switches at the master controller, with nothing missing, as far as it shows: 3 switches said nothing yet",
  ]);
  // Three speak, one after the other; what is lost on the one that went on without a hole is none of the takeover's.
  const later = [
    ...Array.from({ length: 10 }, () => told(holed, holed, silent, silent)),
    ...Array.from({ length: 10 }, () => told(holed, holed, holed, whole)),
    ...Array.from({ length: 200 }, () => told(holed, { ...holed, lostBytes: 999 }, holed, holed)),
  ];
  expect(later.flat()).toEqual([
    "the copy of openflow lacks more since it went on here, as it shows now: at most 256 bytes that were not seen here, of 2 switches that had been silent",
  ]);
});

test("of a service that is not mirrored here nothing is told", () => {
  const { news, read } = reader();
  news.ended("openflow");
  expect(Array.from({ length: 4 }, () => read(report([refused]))).flat()).toEqual([]);
});
