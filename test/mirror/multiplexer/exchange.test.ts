import { expect, test } from "vitest";
import { XidTable } from "../../../src/mirror/multiplexer/xid-table.js";
import { refusal } from "../../../src/mirror/openflow/message.js";
import { Parties } from "./parties.js";

const [error, packetIn, portStatus, flowMod, multipartRequest, multipartReply, barrierRequest, barrierReply] =
  [1, 10, 12, 14, 18, 19, 20, 21];

const multipart = (flags: number) => {
  const body = Buffer.alloc(8);
  body.writeUInt16BE(flags, 2);
  return body;
};

test("both ask under the same number, and each has his own answer", () => {
  const parties = new Parties(4);
  parties.say("pool", multipartRequest, 7, multipart(0));
  parties.say("master", multipartRequest, 7, multipart(0));
  expect(parties.words("switch")).toEqual(["MULTIPART_REQUEST 100", "MULTIPART_REQUEST 101"]);
  parties.say("switch", multipartReply, 101, multipart(1));
  parties.say("switch", multipartReply, 100, multipart(0));
  parties.say("switch", multipartReply, 101, multipart(0));
  expect(parties.words("pool")).toEqual(["MULTIPART_REPLY 7"]);
  expect(parties.words("master")).toEqual(["MULTIPART_REPLY 7", "MULTIPART_REPLY 7"]);
  expect(parties.relay.open).toBe(0);
});

test("a question in several messages has one number, and another one that follows has another", () => {
  const parties = new Parties(4);
  parties.say("pool", multipartRequest, 7, multipart(1));
  parties.say("master", multipartRequest, 7, multipart(0));
  parties.say("pool", multipartRequest, 7, multipart(0));
  parties.say("pool", multipartRequest, 7, multipart(0));
  expect(parties.words("switch").map((each) => each.split(" ")[1])).toEqual(["100", "101", "100", "102"]);
});

test("an error comes back to its author, and what it quotes has his number", () => {
  const parties = new Parties(4);
  parties.say("master", flowMod, 9, Buffer.alloc(48));
  parties.say("pool", flowMod, 9, Buffer.alloc(48));
  const failed = parties.heard.switch[0] as Buffer;
  parties.says("switch", refusal(4, failed, "notPermitted"));
  expect(parties.words("master")).toEqual(["ERROR 9"]);
  expect(parties.last("master").readUInt32BE(16)).toBe(9);
  expect(parties.words("pool")).toEqual([]);
});

test("a barrier that is passed says that nothing before it failed: no error of those finds anybody", () => {
  const parties = new Parties(4);
  parties.say("pool", flowMod, 1, Buffer.alloc(48));
  parties.say("pool", barrierRequest, 2);
  parties.say("pool", flowMod, 3, Buffer.alloc(48));
  parties.say("switch", barrierReply, 101);
  expect(parties.words("pool")).toEqual(["BARRIER_REPLY 2"]);
  expect(parties.relay.open).toBe(1);
  parties.say("switch", error, 100, Buffer.alloc(4));
  expect(parties.relay.counts.unmatched).toBe(1);
  parties.say("switch", error, 102, Buffer.alloc(4));
  expect(parties.words("pool")).toEqual(["BARRIER_REPLY 2", "ERROR 3"]);
});

test("who never sends a barrier has one sent behind 16,384 changes, whose answer is for nobody", () => {
  const parties = new Parties(4);
  for (let each = 0; each < 20_000; each += 1) parties.say("pool", flowMod, each, Buffer.alloc(48));
  const barriers = parties.heard.switch.filter((bytes) => bytes.readUInt8(1) === barrierRequest);
  expect(barriers).toHaveLength(1);
  parties.say("switch", barrierReply, barriers[0]?.readUInt32BE(4) ?? 0);
  expect(parties.relay.open).toBe(20_000 - 16_384);
  expect([...parties.words("pool"), ...parties.words("master")]).toEqual([]);
});

test("questions of a master controller that nobody answers are shed from the 257th on, the pool's are not", () => {
  const parties = new Parties(4);
  for (let each = 0; each < 300; each += 1)
    for (const who of ["pool", "master"] as const) parties.say(who, barrierRequest, each);
  expect(parties.heard.switch).toHaveLength(556);
  expect(parties.relay.counts.shed).toBe(44);
  parties.now = 60_000;
  parties.relay.tick(parties.now);
  expect([parties.relay.open, parties.relay.counts.expired]).toEqual([0, 556]);
  parties.say("master", barrierRequest, 1);
  expect(parties.heard.switch).toHaveLength(557);
});

test("what a master controller asked before it went is answered to nobody, and the next one asks anew", () => {
  const parties = new Parties(4);
  parties.say("master", barrierRequest, 5);
  parties.relay.masterLeft();
  parties.say("master", barrierRequest, 5);
  parties.say("switch", barrierReply, 100);
  expect(parties.words("master")).toEqual([]);
  parties.say("switch", barrierReply, 101);
  expect(parties.words("master")).toEqual(["BARRIER_REPLY 5"]);
});

test("a message that is added to a bundle has the number of what adds it, within too", () => {
  const parties = new Parties(5);
  const body = Buffer.alloc(8 + 56);
  body.writeUInt32BE(77, 8 + 4);
  parties.say("pool", 34, 77, body);
  expect(parties.last("switch").readUInt32BE(4)).toBe(100);
  expect(parties.last("switch").readUInt32BE(20)).toBe(100);
});

test("numbers wrap around, and 0 is nobody's", () => {
  const parties = new Parties(4, true, new XidTable(2 ** 32 - 1));
  for (const xid of [1, 2]) parties.say("pool", barrierRequest, xid);
  expect(parties.words("switch")).toEqual([`BARRIER_REQUEST ${2 ** 32 - 1}`, "BARRIER_REQUEST 1"]);
  parties.say("switch", barrierReply, 2 ** 32 - 1);
  parties.say("switch", barrierReply, 1);
  expect(parties.words("pool")).toEqual(["BARRIER_REPLY 1", "BARRIER_REPLY 2"]);
  expect(parties.relay.open).toBe(0);
});

test("what the switch tells unasked reaches both, in one piece and in order", () => {
  const parties = new Parties(4);
  parties.say("switch", packetIn, 0, Buffer.alloc(32));
  parties.say("switch", portStatus, 0, Buffer.alloc(72));
  expect(parties.words("pool")).toEqual(["PACKET_IN 0", "PORT_STATUS 0"]);
  expect(parties.heard.copy).toEqual(parties.heard.pool);
});

test("a session that is no OpenFlow, or none any more, passes as it is, both ways", () => {
  const parties = new Parties(4);
  parties.says("pool", Buffer.from("0402", "hex"));
  parties.says("switch", Buffer.from("0402000800000001" + "0402000300000001ff", "hex"));
  expect(parties.words("pool")).toEqual(["ECHO_REQUEST 1"]);
  parties.says("switch", Buffer.from("16030100c8", "hex"));
  parties.says("pool", Buffer.from("160303", "hex"));
  parties.say("master", barrierRequest, 1);
  expect(parties.strange).toEqual([
    "switch 0402",
    "pool 0402000300000001ff",
    "pool 16030100c8",
    "switch 160303",
  ]);
});
