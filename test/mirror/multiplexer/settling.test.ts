import { expect, test } from "vitest";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { refusal } from "../../../src/mirror/openflow/message.js";
import { Parties } from "./parties.js";

const [echoReply, packetOut, flowMod, featuresReply, barrierRequest, barrierReply] = [3, 13, 14, 6, 20, 21];

/** Barriers that came to the switch since somebody looked. */
function barriers(parties: Parties): Buffer[] {
  const came = parties.heard.switch.filter((bytes) => bytes.readUInt8(1) === barrierRequest);
  parties.heard.switch = [];
  return came;
}

/** This many changes of the pool's, of which none is answered. */
const change = (parties: Parties, count: number) => {
  for (let each = 0; each < count; each += 1) parties.say("pool", flowMod, each, Buffer.alloc(48));
};
/** Time passes, and the pool's controller says something that waits for no barrier. */
const later = (parties: Parties, milliseconds: number) => {
  parties.now += milliseconds;
  parties.relay.tick(parties.now);
  parties.say("pool", echoReply, 0);
};

test("a switch that refuses barriers is asked for no more, and the pool's controller is read on", () => {
  const parties = new Parties(4);
  let refused = 0;
  for (let each = 0; each < 100_000; each += 1) {
    parties.say("pool", flowMod, each, Buffer.alloc(48));
    for (const barrier of barriers(parties)) {
      refused += 1;
      parties.says("switch", refusal(4, barrier, "badType"));
    }
    later(parties, 1);
  }
  expect([refused, parties.relay.full, parties.words("pool")]).toEqual([1, false, []]);
  expect(parties.relay.open).toBeLessThan(16_384);
  parties.say("switch", 1, 100_100, Buffer.alloc(4));
  expect(parties.words("pool")).toEqual(["ERROR 99999"]);
});

test("a switch that leaves a barrier unanswered for a minute lets the pool's controller go on for good", () => {
  const parties = new Parties(4);
  change(parties, 65_536);
  expect([parties.relay.full, barriers(parties).length]).toEqual([true, 1]);
  later(parties, 60_000);
  change(parties, 100_000);
  expect([parties.relay.full, barriers(parties).length]).toEqual([false, 0]);
});

test("what only a barrier closes waits a second for one, where it is more than a few", () => {
  const parties = new Parties(4);
  const open: number[] = [];
  for (let each = 0; each < 2_000; each += 1) {
    parties.say("pool", packetOut, each, Buffer.alloc(16));
    later(parties, 5);
    for (const barrier of barriers(parties)) {
      open.push(parties.relay.open);
      parties.say("switch", barrierReply, barrier.readUInt32BE(4));
    }
  }
  // 200 a second, for ten seconds, and a barrier among them.
  expect(open).toEqual(Array(open.length).fill(201));
  expect(open.length).toBeGreaterThanOrEqual(9);
  expect(parties.relay.open).toBeLessThan(202);
  expect(parties.words("pool")).toEqual([]);
});

test("one such barrier is on its way at a time, and none behind a controller's own, or behind a few changes", () => {
  const parties = new Parties(4);
  change(parties, 63);
  later(parties, 10_000);
  expect(barriers(parties)).toEqual([]);
  change(parties, 1);
  for (let times = 0; times < 5; times += 1) later(parties, 1_000);
  const [own, ...others] = barriers(parties);
  expect(others).toEqual([]);
  parties.say("switch", barrierReply, own?.readUInt32BE(4) ?? 0);
  expect(parties.relay.open).toBe(0);
  change(parties, 100);
  parties.say("pool", barrierRequest, 5);
  barriers(parties);
  later(parties, 2_000);
  expect(barriers(parties)).toEqual([]);
});

test("the multiplexer's barrier is of the session's version, whatever a greeting of another one says", () => {
  const parties = new Parties(1);
  parties.say("switch", featuresReply, 100, Buffer.alloc(24));
  change(parties, 16_383);
  parties.forget();
  parties.says("pool", helloFor(6, 1));
  const came = parties.heard.switch.map((bytes) => [bytes.readUInt8(0), bytes.readUInt8(1)]);
  expect(came).toEqual([
    [6, 0],
    [1, 18],
  ]);
});

test("a session that ceased to be OpenFlow hears nothing of ours", () => {
  const parties = new Parties(4);
  change(parties, 100);
  parties.says("switch", Buffer.from("040a000400000000", "hex"));
  parties.now = 2_000;
  parties.relay.tick(parties.now);
  parties.says("pool", Buffer.from("160303", "hex"));
  expect(parties.strange).toEqual(["pool 040a000400000000", "switch 160303"]);
});
