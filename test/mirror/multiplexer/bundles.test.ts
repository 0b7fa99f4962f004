import { expect, test } from "vitest";
import { Bundles } from "../../../src/mirror/multiplexer/bundles.js";
import { XidTable } from "../../../src/mirror/multiplexer/xid-table.js";
import { message, refusal } from "../../../src/mirror/openflow/message.js";
import { Parties } from "./parties.js";

const [error, experimenter, flowMod, barrierRequest, barrierReply, control, add] = [1, 4, 14, 20, 21, 33, 34];

/** ofp_bundle_ctrl_type (OpenFlow 1.4.1, 7.3.9.2). */
const [open, opened, commit, committed, discard, discarded] = [0, 1, 4, 5, 6, 7];

const controls = (bundle: number, type: number) => {
  const body = Buffer.alloc(8);
  body.writeUInt32BE(bundle, 0);
  body.writeUInt16BE(type, 4);
  return body;
};
const adds = (bundle: number, xid: number) =>
  Buffer.concat([controls(bundle, 0), message(5, flowMod, xid, Buffer.alloc(48))]);
const numberOf = (bytes: Buffer) => bytes.readUInt32BE(4);
/** BUNDLE_FAILED, MSG_FAILED. */
const failed = Buffer.from("0011000d", "hex");

test("a bundle of 100,000 changes can be filled and committed, and each of them may fail until then", {
  timeout: 30_000,
}, () => {
  const parties = new Parties(5, true, new XidTable(2 ** 32 - 50_000));
  parties.say("pool", control, 1, controls(9, open));
  parties.say("switch", control, 2 ** 32 - 50_000, controls(9, opened));
  parties.forget();
  for (let each = 0; each < 100_000; each += 1) parties.say("pool", add, each, adds(9, each));
  expect([parties.relay.full, parties.heard.switch.length]).toEqual([false, 100_000]);
  parties.say("pool", barrierRequest, 2);
  parties.say("switch", barrierReply, numberOf(parties.last("switch")));
  parties.say("pool", control, 3, controls(9, commit));
  for (const each of [0, 49_999, 50_000, 99_999]) {
    parties.forget();
    const number = each < 49_999 ? 2 ** 32 - 49_999 + each : each - 49_998;
    parties.say("switch", error, number, Buffer.concat([failed, message(5, flowMod, number)]));
    expect([parties.words("pool"), parties.last("pool").readUInt32BE(16)]).toEqual([[`ERROR ${each}`], each]);
  }
});

test.each([
  ["committed", commit, committed],
  ["discarded", discard, discarded],
])("nothing is left of a bundle once it is %s", (_, asked, told) => {
  const parties = new Parties(5);
  for (let each = 0; each < 100; each += 1) parties.say("pool", add, each, adds(9, each));
  parties.say("pool", control, 3, controls(9, asked));
  expect(parties.relay.open).toBeGreaterThan(100);
  parties.say("switch", control, numberOf(parties.last("switch")), controls(9, told));
  expect(parties.relay.open).toBe(0);
});

test("nor is anything left of one that fails to commit, whose failed change is told first", () => {
  const parties = new Parties(5);
  for (let bundle = 0; bundle < 5; bundle += 1) {
    for (let each = 0; each < 20_000; each += 1) parties.say("pool", add, each, adds(bundle, each));
    const change = parties.last("switch");
    parties.say("pool", control, 7, controls(bundle, commit));
    const asked = parties.last("switch");
    parties.forget();
    parties.says("switch", refusal(5, change, "notPermitted"));
    parties.says("switch", refusal(5, asked, "notPermitted"));
    expect(parties.words("pool")).toEqual(["ERROR 19999", "ERROR 7"]);
  }
  expect([parties.relay.open, parties.relay.full]).toEqual([0, false]);
});

test("what is added behind a commit is in another bundle of that name, and may fail still", () => {
  const parties = new Parties(5);
  parties.say("pool", add, 3, adds(9, 3));
  parties.say("pool", control, 4, controls(9, commit));
  parties.say("pool", add, 5, adds(9, 5));
  parties.say("switch", control, 101, controls(9, committed));
  parties.forget();
  parties.say("switch", error, 102, failed);
  parties.say("switch", error, 100, failed);
  expect([parties.words("pool"), parties.relay.counts.unmatched]).toEqual([["ERROR 5"], 1]);
});

test("a bundle that the switch gives up, since nobody goes on with it, fails under the number of what opened it", () => {
  const parties = new Parties(5);
  parties.say("pool", control, 3, controls(9, open));
  parties.say("switch", control, 100, controls(9, opened));
  parties.forget();
  parties.say("switch", error, 100, failed);
  expect(parties.words("pool")).toEqual(["ERROR 3"]);
  parties.now += 60_000;
  parties.relay.tick(parties.now);
  expect(parties.relay.open).toBe(0);
});

test("the extension's bundles for 1.3 take nothing of what a session may have open, either", () => {
  const extension = (type: number, body: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(0x4f4e4600, 0);
    head.writeUInt32BE(type, 4);
    return Buffer.concat([head, body]);
  };
  const parties = new Parties(4);
  for (let each = 0; each < 70_000; each += 1)
    parties.say("pool", experimenter, each, extension(2301, adds(9, each)));
  expect([parties.relay.full, parties.heard.switch.length]).toEqual([false, 70_000]);
  parties.say("pool", experimenter, 5, extension(2300, controls(9, commit)));
  const asked = numberOf(parties.last("switch"));
  parties.say("switch", experimenter, asked, extension(2300, controls(9, committed)));
  expect(parties.words("pool")).toEqual(["EXPERIMENTER 5"]);
  parties.say("pool", barrierRequest, 6);
  parties.say("switch", barrierReply, numberOf(parties.last("switch")));
  expect(parties.relay.open).toBe(0);
});

test("of changes in bundles that nobody commits a million is kept account of, and none for longer than a minute", () => {
  const bundles = new Bundles();
  for (let number = 1; number <= 1_048_577; number += 1) bundles.add(number % 3, number, 2 * number, 0);
  expect([bundles.size, bundles.xidOf(1_048_576), bundles.xidOf(1_048_577)]).toEqual([
    1_048_576,
    2_097_152,
    undefined,
  ]);
  bundles.tick(59_999);
  expect(bundles.size).toBe(1_048_576);
  bundles.tick(60_000);
  expect(bundles.size).toBe(0);
});
