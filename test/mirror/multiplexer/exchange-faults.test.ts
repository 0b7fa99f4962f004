import { expect, test } from "vitest";
import { XidTable } from "../../../src/mirror/multiplexer/xid-table.js";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { message, refusal } from "../../../src/mirror/openflow/message.js";
import { Parties } from "./parties.js";

const [error, echoRequest, experimenter, packetOut, flowMod, multipartRequest, multipartReply] = [
  1, 2, 4, 13, 14, 18, 19,
];
const [barrierRequest, barrierReply, bundleControl, bundleAdd] = [20, 21, 33, 34];

const words = (...values: number[]) => {
  const body = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) body.writeUInt32BE(value, 4 * index);
  return body;
};
const multipart = (type: number, flags: number, ...rest: number[]) =>
  words(type * 65_536 + flags, 0, ...rest);
const change = Buffer.alloc(48);

test("however much the master controller changes, the pool's controller is read, and its questions go out", () => {
  const parties = new Parties(4);
  for (let each = 0; each < 90_000; each += 1) parties.say("master", packetOut, each, Buffer.alloc(16));
  expect(parties.relay.full).toBe(false);
  expect(parties.relay.open).toBeLessThan(5_000);
  parties.forget();
  parties.say("pool", echoRequest, 7);
  expect(parties.words("switch")).toEqual([expect.stringMatching(/^ECHO_REQUEST /)]);
});

test("what of the master controller's is shed is answered by an error, lest a barrier behind it confirm it", () => {
  const parties = new Parties(4);
  for (let each = 0; each < 5_000; each += 1) parties.say("master", flowMod, each, change);
  const { shed } = parties.relay.counts;
  expect(shed).toBeGreaterThan(0);
  expect(parties.words("master")).toHaveLength(shed);
  expect(parties.words("master").at(-1)).toBe("ERROR 4999");
});

test("what was counted until now stays as it was told", () => {
  const parties = new Parties(4);
  const before = parties.relay.counts;
  parties.say("switch", multipartReply, 99, multipart(1, 0));
  parties.say("master", flowMod, 1, change);
  parties.say("switch", barrierReply, 100);
  expect([before.unmatched, parties.relay.counts.unmatched]).toEqual([0, 1]);
});

test("a request in parts is shed from its first part on, or not at all", () => {
  const parties = new Parties(4);
  parties.say("master", multipartRequest, 1, multipart(1, 1));
  for (let each = 0; each < 300; each += 1) parties.say("master", barrierRequest, 1_000 + each);
  parties.say("master", multipartRequest, 2, multipart(1, 1));
  parties.forget();
  parties.say("master", multipartRequest, 1, multipart(1, 0));
  expect(parties.words("switch")).toEqual(["MULTIPART_REQUEST 100"]);
  for (let each = 0; each < 300; each += 1) parties.say("switch", barrierReply, 101 + each);
  parties.forget();
  parties.say("master", multipartRequest, 2, multipart(1, 0));
  expect([parties.words("switch"), parties.words("master")]).toEqual([[], ["ERROR 2"]]);
  parties.say("master", multipartRequest, 2, multipart(1, 0));
  expect(parties.words("switch")).toHaveLength(1);
});

test("two requests in parts that are told in turns are two", () => {
  const parties = new Parties(4);
  for (const flags of [1, 0])
    for (const xid of [7, 8]) parties.say("pool", multipartRequest, xid, multipart(1, flags));
  expect(parties.words("switch").map((each) => each.split(" ")[1])).toEqual(["100", "101", "100", "101"]);
});

test("the master controller is refused what could not find it, or sets up the connection for both", () => {
  const parties = new Parties(5);
  parties.say("master", multipartRequest, 1, multipart(16, 0));
  parties.say("master", multipartRequest, 2, multipart(0xffff, 0, 0x2320, 2));
  parties.say("master", experimenter, 3, words(0x2320, 10, 1));
  parties.say("master", bundleControl, 4, words(9, 0));
  expect(parties.words("master")).toEqual(["ERROR 1", "ERROR 2", "ERROR 3", "ERROR 4"]);
  expect(parties.words("switch")).toEqual([]);
});

test("abbreviated flow updates name the number that whoever made the change gave it", () => {
  const parties = new Parties(5);
  parties.say("pool", flowMod, 78, change);
  const update = words(0x0008_0004, 100);
  parties.say("switch", multipartReply, 0, Buffer.concat([multipart(16, 0), update]));
  expect(parties.last("pool").readUInt32BE(20)).toBe(78);
});

test("what waits in a bundle may fail until it is committed, whatever barriers pass", () => {
  const parties = new Parties(5);
  const added = Buffer.concat([words(9, 0), message(5, flowMod, 3, change)]);
  parties.say("pool", bundleAdd, 3, added);
  parties.say("pool", barrierRequest, 4);
  parties.say("switch", barrierReply, 101);
  parties.say("pool", bundleControl, 5, words(9, 0x0004_0000));
  const sent = parties.heard.switch[0] as Buffer;
  parties.says("switch", refusal(5, sent, "notPermitted"));
  expect(parties.words("pool")).toEqual(["BARRIER_REPLY 4", "ERROR 3"]);
  parties.say("switch", bundleControl, 102, words(9, 0x0005_0000));
  expect(parties.relay.open).toBe(0);
});

test("an added message has the number of what adds it, in the extension for 1.3 too", () => {
  const parties = new Parties(4);
  const added = Buffer.concat([words(0x4f4e4600, 2301, 9, 0), message(4, flowMod, 3, change)]);
  parties.say("pool", experimenter, 3, added);
  const sent = parties.last("switch");
  expect([sent.readUInt32BE(4), sent.readUInt32BE(28)]).toEqual([100, 100]);
});

test("an answer in parts may take minutes, as long as parts come", () => {
  const parties = new Parties(4);
  parties.say("pool", multipartRequest, 7, multipart(1, 0));
  for (let part = 0; part < 10; part += 1) {
    parties.now += 20_000;
    parties.relay.tick(parties.now);
    parties.say("switch", multipartReply, 100, multipart(1, part < 9 ? 1 : 0));
  }
  expect(parties.words("pool")).toHaveLength(10);
});

test("an experimenter may answer more than once", () => {
  const parties = new Parties(4);
  parties.say("pool", experimenter, 7, words(0x2320, 1));
  for (let times = 0; times < 2; times += 1) parties.say("switch", experimenter, 100, words(0x2320, 2));
  expect(parties.words("pool")).toEqual(["EXPERIMENTER 7", "EXPERIMENTER 7"]);
});

test("a barrier that is refused says nothing of what stands before it", () => {
  const parties = new Parties(4);
  parties.say("pool", flowMod, 1, change);
  parties.say("master", barrierRequest, 2);
  parties.say("switch", error, 101, words(0x0001_0006));
  parties.say("switch", error, 100, words(0x0005_0002));
  expect([parties.words("pool"), parties.words("master")]).toEqual([["ERROR 1"], ["ERROR 2"]]);
});

test("a second greeting that is refused is the pool's: no number of its own is taken for one of ours", () => {
  const parties = new Parties(4, true, new XidTable(1));
  parties.say("master", barrierRequest, 9);
  parties.says("pool", helloFor(4, 1));
  const greeting = parties.last("switch");
  parties.says("switch", refusal(4, greeting, "helloIncompatible"));
  expect([parties.words("pool"), parties.words("master")]).toEqual([["ERROR 1"], []]);
});

test("an error of Nicira's, which has a longer head, quotes the number of its author", () => {
  const parties = new Parties(1);
  parties.say("pool", experimenter, 7, words(0x2320, 1));
  const quoted = parties.last("switch");
  const head = words(0xb0c2_0000, 0x2320, 0x0001_0002);
  parties.say("switch", error, 100, Buffer.concat([head, quoted]));
  expect(parties.last("pool").readUInt32BE(8 + 12 + 4)).toBe(7);
});
