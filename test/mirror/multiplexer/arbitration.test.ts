import { expect, test } from "vitest";
import { Role, roleBody } from "../../../src/mirror/openflow/role.js";
import { Parties } from "./parties.js";

const [packetIn, portStatus, flowMod, roleRequest, roleReply, getAsyncRequest, setAsync] = [
  10, 12, 14, 24, 25, 26, 28,
];

/** A controller asks for a role, and the switch grants it to the connection. */
function ask(parties: Parties, who: "pool" | "master", role: number, generation: bigint): void {
  parties.forget();
  parties.say(who, roleRequest, 5, roleBody(role, generation));
  const asked = parties.heard.switch[0];
  if (asked !== undefined) parties.say("switch", roleReply, asked.readUInt32BE(4), asked.subarray(8));
}

test("a controller that is made master makes the other one a slave, which may change nothing and hears of ports alone", () => {
  const parties = new Parties(4);
  ask(parties, "pool", Role.master, 1n);
  expect(parties.last("pool").readUInt32BE(8)).toBe(Role.master);
  ask(parties, "master", Role.master, 2n);
  expect(parties.words("master")).toEqual(["ROLE_REPLY 5"]);
  expect(parties.words("pool")).toEqual([]);
  parties.forget();
  parties.say("pool", flowMod, 9, Buffer.alloc(48));
  expect(parties.words("switch")).toEqual([]);
  expect(parties.words("pool")).toEqual(["ERROR 9"]);
  expect(parties.last("pool").subarray(8, 12).toString("hex")).toBe("0001000a");
  parties.forget();
  parties.say("switch", packetIn, 0, Buffer.alloc(32));
  parties.say("switch", portStatus, 0, Buffer.alloc(72));
  expect(parties.words("pool")).toEqual(["PORT_STATUS 0"]);
  expect(parties.words("copy")).toEqual(["PACKET_IN 0", "PORT_STATUS 0"]);
});

test("from 1.4 on the one that was deposed is told", () => {
  const parties = new Parties(5);
  ask(parties, "pool", Role.master, 1n);
  ask(parties, "master", Role.master, 7n);
  expect(parties.words("pool")).toEqual(["ROLE_STATUS 0"]);
  expect(parties.last("pool").subarray(8).toString("hex")).toBe("00000003000000000000000000000007");
});

test("the connection has the stronger of both roles", () => {
  const parties = new Parties(4);
  ask(parties, "master", Role.slave, 1n);
  expect(parties.last("switch").readUInt32BE(8)).toBe(Role.equal);
  expect(parties.last("master").readUInt32BE(8)).toBe(Role.slave);
  ask(parties, "pool", Role.slave, 1n);
  expect(parties.last("switch").readUInt32BE(8)).toBe(Role.slave);
});

test("a generation that is behind is refused without asking the switch, whoever told the later one", () => {
  const parties = new Parties(4);
  ask(parties, "master", Role.master, 10n);
  ask(parties, "pool", Role.master, 9n);
  expect(parties.words("switch")).toEqual([]);
  expect(parties.words("pool")).toEqual(["ERROR 5"]);
  expect(parties.last("pool").subarray(8, 12).toString("hex")).toBe("000b0000");
});

test("a role that the switch refuses is nobody's", () => {
  const parties = new Parties(4);
  parties.say("master", roleRequest, 5, roleBody(Role.slave, 1n));
  const asked = parties.last("switch");
  parties.say("switch", 1, asked.readUInt32BE(4), Buffer.from("000b0001", "hex"));
  expect(parties.words("master")).toEqual(["ERROR 5"]);
  parties.forget();
  parties.say("master", flowMod, 9, Buffer.alloc(48));
  expect(parties.words("switch")).toHaveLength(1);
});

test("where the master controller may not write, the pool's asks for roles as it would without it", () => {
  const parties = new Parties(4, false);
  parties.say("pool", roleRequest, 5, roleBody(Role.master, 3n));
  expect(parties.words("switch")).toEqual(["ROLE_REQUEST 100"]);
  parties.say("switch", roleReply, 100, roleBody(Role.master, 3n));
  expect(parties.words("pool")).toEqual(["ROLE_REPLY 5"]);
});

const masks = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const noPackets = "00000000 00000000 00000007 00000007 0000000f 00000000";

test("who wants no PACKET_INs hears none, and the other one still does; the switch is told of both", () => {
  const parties = new Parties(4);
  parties.say("pool", setAsync, 5, masks(noPackets));
  expect(parties.last("switch").subarray(8).toString("hex")).toBe(
    "0000000300000003ffffffffffffffffffffffffffffffff",
  );
  parties.say("switch", packetIn, 0, Buffer.alloc(32));
  expect([parties.words("pool"), parties.words("copy")]).toEqual([[], ["PACKET_IN 0"]]);
  parties.forget();
  parties.say("pool", getAsyncRequest, 6);
  expect(parties.words("switch")).toEqual([]);
  expect(parties.last("pool").subarray(8)).toEqual(masks(noPackets));
});

test("of 1.4 and later only what is said of is changed", () => {
  const parties = new Parties(6);
  parties.say("master", setAsync, 5, masks("0001 0008 00000000"));
  parties.say("switch", packetIn, 0, Buffer.alloc(32));
  parties.say("switch", portStatus, 0, Buffer.alloc(72));
  expect(parties.words("copy")).toEqual(["PORT_STATUS 0"]);
  expect(parties.words("pool")).toEqual(["PACKET_IN 0", "PORT_STATUS 0"]);
});

test("one that is cut short is refused", () => {
  const parties = new Parties(4);
  parties.say("pool", setAsync, 5, Buffer.alloc(20));
  expect(parties.words("pool")).toEqual(["ERROR 5"]);
  expect(parties.words("switch")).toEqual([]);
});
