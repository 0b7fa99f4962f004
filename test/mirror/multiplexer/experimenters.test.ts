import { expect, test } from "vitest";
import { XidTable } from "../../../src/mirror/multiplexer/xid-table.js";
import { Parties } from "./parties.js";

const [echoRequest, echoReply, experimenter, flowMod] = [2, 3, 4, 14];
const [multipartRequest, multipartReply, barrierRequest, barrierReply] = [18, 19, 20, 21];

/** An experimenter's head; its number and what it says are anybody's. */
const vendor = Buffer.from("005c16c700000063", "hex");
const first = () => new Parties(4, true, new XidTable(1));

test("what a switch says unasked in an experimenter's words is the pool's, whoever has a request of that number open", () => {
  const parties = first();
  parties.say("master", flowMod, 900, Buffer.alloc(48));
  parties.say("switch", experimenter, 1, vendor);
  expect([parties.words("pool"), parties.words("master")]).toEqual([["EXPERIMENTER 1"], []]);
});

test("it closes no question of that number", () => {
  const parties = first();
  parties.say("pool", multipartRequest, 900, Buffer.alloc(8));
  parties.say("switch", experimenter, 1, vendor);
  parties.say("switch", multipartReply, 1, Buffer.alloc(8));
  expect(parties.words("pool")).toEqual(["EXPERIMENTER 1", "MULTIPART_REPLY 900"]);
});

test("it arrives, too, where some request once had its number", () => {
  const parties = first();
  parties.say("pool", echoRequest, 500);
  parties.say("switch", echoReply, 1);
  parties.forget();
  parties.say("switch", experimenter, 1, vendor);
  expect(parties.words("pool")).toEqual(["EXPERIMENTER 1"]);
});

test("what an experimenter subscribed to comes under its number behind barriers, after minutes, and after thousands of other requests", () => {
  const parties = first();
  parties.say("pool", experimenter, 7, vendor);
  parties.say("switch", experimenter, 1, vendor);
  for (let each = 0; each < 5_000; each += 1) parties.say("pool", experimenter, 1_000 + each, vendor);
  parties.say("pool", barrierRequest, 8);
  parties.say("switch", barrierReply, parties.last("switch").readUInt32BE(4));
  parties.now += 600_000;
  parties.relay.tick(parties.now);
  parties.forget();
  parties.say("switch", experimenter, 1, vendor);
  parties.say("switch", experimenter, 5_001, vendor);
  expect(parties.words("pool")).toEqual(["EXPERIMENTER 7", "EXPERIMENTER 5999"]);
  expect(parties.relay.open).toBe(0);
});

test("what does not answer a request of its kind leaves it open, and is nobody's", () => {
  const parties = first();
  parties.say("master", multipartRequest, 9, Buffer.alloc(8));
  parties.say("switch", barrierReply, 1);
  parties.say("switch", echoReply, 1);
  expect([parties.relay.open, parties.relay.counts.unmatched]).toEqual([1, 2]);
  parties.say("switch", multipartReply, 1, Buffer.alloc(8));
  expect([parties.words("pool"), parties.words("master")]).toEqual([[], ["MULTIPART_REPLY 9"]]);
});
