import { expect, test } from "vitest";
import { Type } from "../../../src/mirror/openflow/message-type.js";
import { Role, roleBody } from "../../../src/mirror/openflow/role.js";
import { Parties } from "./parties.js";

const { packetIn, portStatus, flowRemoved, getAsyncRequest, getAsyncReply, setAsync } = Type;
const { roleRequest, roleReply, requestForward, tableStatus } = Type;

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const noPackets = hex("00000000 00000000 00000007 00000007 0000000f 00000000");

/** A body with a reason at this place of the message. */
function because(reason: number, place = 14): Buffer {
  const body = Buffer.alloc(72);
  body.writeUInt8(reason, place - 8);
  return body;
}

/** Both ask for a role and are granted it: the pool's is a slave, the connection is master. */
function makeSlave(parties: Parties): void {
  for (const [who, role] of [
    ["pool", Role.slave],
    ["master", Role.master],
  ] as const) {
    parties.say(who, roleRequest, 5, roleBody(role, 1n));
    const asked = parties.last("switch");
    parties.say("switch", roleReply, asked.readUInt32BE(4), asked.subarray(8));
  }
  parties.forget();
}

test("what the pool's controller sets passes to the switch as it is, and so does what it asks", () => {
  const parties = new Parties(5, false);
  const body = hex("0001 0008 0000003f  000b 0008 00000003  ffff 000e 00002320 00000001 abcd 0000");
  parties.say("master", setAsync, 4, hex("0001 0008 00000000"));
  parties.say("pool", setAsync, 5, body);
  expect(parties.last("switch").subarray(8)).toEqual(body);
  parties.say("pool", getAsyncRequest, 6);
  parties.say("switch", getAsyncReply, parties.last("switch").readUInt32BE(4), body);
  expect(parties.words("pool")).toEqual(["GET_ASYNC_REPLY 6"]);
  expect(parties.last("pool").subarray(8)).toEqual(body);
});

test("what the master controller sets narrows its copy alone, and the switch never hears of it", () => {
  for (const writes of [true, false]) {
    const parties = new Parties(4, writes);
    parties.say("master", setAsync, 5, noPackets);
    expect([parties.words("switch"), parties.words("master")]).toEqual([[], []]);
    for (const reason of [0, 1, 2, 3, 5]) parties.say("switch", packetIn, 0, because(reason));
    parties.say("switch", portStatus, 0, because(0, 8));
    expect(parties.heard.pool).toHaveLength(6);
    expect(parties.words("copy")).toEqual(["PORT_STATUS 0"]);
    parties.forget();
    parties.relay.masterLeft();
    parties.say("switch", packetIn, 0, because(0));
    expect([parties.words("pool"), parties.words("copy")]).toEqual([["PACKET_IN 0"], ["PACKET_IN 0"]]);
  }
});

test("of 1.4 and later only what was said of is narrowed, by the reason that each message gives", () => {
  const parties = new Parties(6);
  parties.say("master", setAsync, 5, hex("0001 0008 00000022  0009 0008 00000008  000b 0008 00000001"));
  parties.say("master", setAsync, 6, hex("0005 0008 00000002"));
  const copies = (type: number, body: Buffer) => {
    parties.forget();
    parties.say("switch", type, 0, body);
    return parties.heard.copy.length === 1;
  };
  expect([0, 1, 5].map((reason) => copies(packetIn, because(reason)))).toEqual([false, true, true]);
  expect([0, 1].map((reason) => copies(flowRemoved, because(reason, 9)))).toEqual([false, true]);
  expect([3, 4].map((reason) => copies(tableStatus, because(reason, 8)))).toEqual([true, false]);
  // It holds a GROUP_MOD, or a METER_MOD.
  expect([15, 29].map((type) => copies(requestForward, because(type, 9)))).toEqual([true, false]);
  expect(copies(portStatus, because(2, 8))).toBe(true);
});

test("the master controller hears its own masks over what the switch says of the rest", () => {
  const parties = new Parties(5);
  const ask = () => {
    parties.forget();
    parties.say("master", getAsyncRequest, 6);
    parties.say(
      "switch",
      getAsyncReply,
      parties.last("switch").readUInt32BE(4),
      hex("0000 0008 00000000  0001 0008 0000003f"),
    );
    return parties.last("master").subarray(8);
  };
  expect(ask()).toEqual(hex("0000 0008 00000000  0001 0008 0000003f"));
  parties.say("master", setAsync, 5, hex("0001 0008 00000001  ffff 000e 00002320 00000001 abcd 0000"));
  expect(ask()).toEqual(hex("0000 0008 00000000  0001 0008 00000001  ffff 000e 00002320 00000001 abcd 0000"));
  const fixed = new Parties(4);
  fixed.say("master", setAsync, 5, noPackets);
  fixed.say("master", getAsyncRequest, 6);
  fixed.say("switch", getAsyncReply, fixed.last("switch").readUInt32BE(4), Buffer.alloc(24, 1));
  expect(fixed.words("master")).toEqual(["GET_ASYNC_REPLY 6"]);
  expect(fixed.last("master").subarray(8)).toEqual(noPackets);
});

test("one of the master controller's that is cut short is refused; one of the pool's the switch refuses itself", () => {
  const parties = new Parties(4);
  parties.say("master", setAsync, 5, Buffer.alloc(20));
  expect([parties.words("master"), parties.words("switch")]).toEqual([["ERROR 5"], []]);
  parties.say("pool", setAsync, 5, Buffer.alloc(20));
  expect([parties.words("pool"), parties.heard.switch.length]).toEqual([[], 1]);
});

test("a pool's controller that is a slave hears more than of ports where it said so, and the switch did not refuse", () => {
  const parties = new Parties(4);
  makeSlave(parties);
  const hears = () => {
    parties.heard.pool = [];
    parties.say("switch", packetIn, 0, because(0));
    parties.say("switch", portStatus, 0, because(0, 8));
    return parties.words("pool");
  };
  expect(hears()).toEqual(["PORT_STATUS 0"]);
  parties.say("pool", setAsync, 5, hex("00000000 00000001 00000007 00000000 00000000 00000000"));
  expect(hears()).toEqual(["PACKET_IN 0"]);
  // What is refused leaves what was before.
  parties.say("pool", setAsync, 6, hex("00000000 00000000 00000007 00000007 00000000 00000000"));
  expect(hears()).toEqual(["PORT_STATUS 0"]);
  parties.say("switch", Type.error, parties.last("switch").readUInt32BE(4), hex("0001 0006"));
  expect(hears()).toEqual(["PACKET_IN 0"]);
});
