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
  ...{ delivered: 2, dropped: 0, resyncs: 0, lostBytes: 0, writes: 0, parted: 0, inherited: false },
  ...rest,
});
const report = (switches: readonly SwitchReport[], trouble: string | null = null): MirrorReport => ({
  ...{ service: "openflow", trouble, refused: 0, switches },
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

test("one that was away for a moment is not worth a word, and neither are switches that are not known yet", () => {
  const { read } = reader();
  const unknown = report([aSwitch({ state: "unidentified", datapath: null })]);
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

test("a capture that fails is told of, with or without switches", () => {
  const { read } = reader();
  const broken = report([], "tcpdump ended by exit code 1");
  expect([broken, broken, broken].flatMap(read)).toEqual([
    "the master controller does not get the copy of openflow: nothing is captured: tcpdump ended by exit code 1",
  ]);
});

test("what a takeover cost is told once, when it has settled", () => {
  const { read } = reader();
  const inherited = report([
    aSwitch({ inherited: true, lostBytes: 128, dropped: 3 }),
    aSwitch({ inherited: true, state: "connecting" }),
  ]);
  const told = Array.from({ length: 6 }, () => read(inherited)).flat();
  expect(told).toEqual([
    "the copy of openflow goes on here: 1 of 2 switches at the master controller, without 3 messages that waited and at most 128 bytes that were not seen here",
  ]);
});

test("of a service that is not mirrored here nothing is told", () => {
  const { news, read } = reader();
  news.ended("openflow");
  expect(Array.from({ length: 4 }, () => read(report([refused]))).flat()).toEqual([]);
});
