import { describe, expect, test } from "vitest";
import { message } from "../../../src/mirror/openflow/message.js";
import { Type } from "../../../src/mirror/openflow/message-type.js";
import { Role, roleBody } from "../../../src/mirror/openflow/role.js";
import { Parties } from "./parties.js";

const { packetIn, portStatus, setConfig, roleRequest, roleReply, roleStatus } = Type;
const [packetOut, flowMod, groupMod, portMod, tableMod, multipart, meterMod] = [13, 14, 15, 16, 17, 18, 29];

type Who = "pool" | "master";

/** The switch grants the first of what it was asked since it was last forgotten. @param role what the connection is then, where that was not asked for */
function grant(parties: Parties, role?: number): void {
  const asked = parties.heard.switch.shift() ?? Buffer.alloc(24);
  const body = Buffer.from(asked.subarray(8));
  if (role !== undefined) body.writeUInt32BE(role, 0);
  parties.say("switch", roleReply, asked.readUInt32BE(4), body);
}

/** The switch says what the connection is to the first of what it was asked. */
function answer(parties: Parties, role: number, generation: bigint | null): void {
  const number = parties.heard.switch.shift()?.readUInt32BE(4) ?? 0;
  parties.say("switch", roleReply, number, roleBody(role, generation));
}

/** A controller asks for a role, and is granted it. */
function ask(parties: Parties, who: Who, role: number, generation: bigint): void {
  parties.forget();
  parties.say(who, roleRequest, 5, roleBody(role, generation));
  grant(parties);
}

const request = (parties: Parties, who: Who, role: number, generation = 0n) =>
  parties.say(who, roleRequest, 5, roleBody(role, generation));
const asked = (parties: Parties) => parties.heard.switch.map((each) => each.readUInt32BE(8));
const told = (parties: Parties, who: Who) => parties.last(who).readUInt32BE(8);
const refuse = (parties: Parties) =>
  parties.say(
    "switch",
    Type.error,
    parties.heard.switch.shift()?.readUInt32BE(4) ?? 0,
    Buffer.from("000b0000", "hex"),
  );

test("a controller that is made master makes the other one a slave, which may change nothing and hears of ports alone", () => {
  const parties = new Parties(4);
  ask(parties, "pool", Role.master, 1n);
  expect(told(parties, "pool")).toBe(Role.master);
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
  request(parties, "master", Role.slave, 1n);
  expect(asked(parties)).toEqual([Role.noChange]);
  grant(parties, Role.equal);
  expect(told(parties, "master")).toBe(Role.slave);
  request(parties, "pool", Role.slave, 1n);
  expect(asked(parties)).toEqual([Role.slave]);
});

test("a generation that is behind is refused without asking the switch, whoever told the later one", () => {
  const parties = new Parties(4);
  request(parties, "master", Role.master, 10n);
  request(parties, "pool", Role.master, 9n);
  expect(asked(parties)).toEqual([Role.master]);
  expect(parties.words("pool")).toEqual(["ERROR 5"]);
  expect(parties.last("pool").subarray(8, 12).toString("hex")).toBe("000b0000");
});

test("a role that the switch refuses was nobody's, and deposed nobody, also before that is known", () => {
  const parties = new Parties(4);
  ask(parties, "pool", Role.master, 1n);
  parties.forget();
  request(parties, "master", Role.master, 2n);
  parties.say("pool", flowMod, 8, Buffer.alloc(48));
  refuse(parties);
  expect(parties.words("master")).toEqual(["ERROR 5"]);
  parties.say("pool", flowMod, 9, Buffer.alloc(48));
  expect(parties.words("pool")).toEqual([]);
  expect(parties.words("switch")).toHaveLength(2);
});

test("whoever asks what he is hears that, and the switch's generation", () => {
  const parties = new Parties(4);
  request(parties, "master", Role.noChange);
  expect(asked(parties)).toEqual([Role.noChange]);
  parties.say("switch", roleReply, parties.last("switch").readUInt32BE(4), roleBody(Role.equal, 7n));
  expect(parties.last("master").subarray(8)).toEqual(roleBody(Role.equal, 7n));
  parties.forget();
  request(parties, "master", Role.master, 6n);
  expect([parties.words("switch"), parties.words("master")]).toEqual([[], ["ERROR 5"]]);
  request(parties, "master", Role.master, 8n);
  expect(asked(parties)).toEqual([Role.master]);
});

test("what a master controller asked that left is granted to nobody: neither to the next one nor against the pool's", () => {
  const parties = new Parties(4);
  ask(parties, "pool", Role.master, 1n);
  parties.forget();
  request(parties, "master", Role.master, 2n);
  parties.relay.masterLeft();
  grant(parties);
  expect(parties.words("master")).toEqual([]);
  for (const [who, role] of [
    ["master", Role.equal],
    ["pool", Role.master],
  ] as const) {
    request(parties, who, Role.noChange);
    grant(parties, Role.master);
    expect(told(parties, who)).toBe(role);
  }
});

test("the next master controller is an equal, although both were slaves until the last one left", () => {
  const parties = new Parties(4);
  ask(parties, "pool", Role.slave, 1n);
  request(parties, "master", Role.slave, 1n);
  expect(asked(parties)).toEqual([Role.equal, Role.slave]);
  grant(parties);
  grant(parties);
  parties.relay.masterLeft();
  parties.forget();
  parties.say("master", flowMod, 9, Buffer.alloc(48));
  expect(parties.words("switch").map((word) => word.split(" ")[0])).toEqual(["ROLE_REQUEST", "FLOW_MOD"]);
  expect(parties.heard.switch[0]?.readUInt32BE(8)).toBe(Role.equal);
});

test("a slave that asks to be master may write at once, and what it asks behind that is answered behind it", () => {
  const parties = new Parties(4);
  ask(parties, "pool", Role.slave, 1n);
  parties.forget();
  request(parties, "pool", Role.master, 2n);
  parties.say("pool", flowMod, 6, Buffer.alloc(48));
  parties.say("pool", roleRequest, 7, roleBody(Role.noChange, 0n));
  expect(parties.words("pool")).toEqual([]);
  expect(parties.words("switch").map((word) => word.split(" ")[0])).toEqual([
    "ROLE_REQUEST",
    "FLOW_MOD",
    "ROLE_REQUEST",
  ]);
  grant(parties);
  parties.heard.switch.shift();
  grant(parties, Role.master);
  expect(parties.words("pool")).toEqual(["ROLE_REPLY 5", "ROLE_REPLY 7"]);
  expect(told(parties, "pool")).toBe(Role.master);
});

test("two that ask at once leave the connection the stronger role", () => {
  const parties = new Parties(4);
  request(parties, "pool", Role.master, 1n);
  request(parties, "master", Role.slave, 1n);
  expect(asked(parties)).toEqual([Role.master, Role.noChange]);
  grant(parties);
  grant(parties, Role.master);
  expect([told(parties, "pool"), told(parties, "master")]).toEqual([Role.master, Role.slave]);
});

describe("a master on another connection", () => {
  test.each([5n, 7n])(
    "stays that, whoever else here asks to be an equal or a slave (generation %d)",
    (later) => {
      for (const role of [Role.equal, Role.slave]) {
        const parties = new Parties(4);
        ask(parties, "master", Role.master, 5n);
        parties.forget();
        request(parties, "pool", role, later);
        expect(asked(parties)).toEqual([Role.noChange]);
        answer(parties, Role.slave, later);
        expect([parties.words("pool"), told(parties, "pool")]).toEqual([["ROLE_REPLY 5"], role]);
        if (role === Role.equal) {
          expect(asked(parties)).toEqual([Role.equal]);
          grant(parties);
        }
        request(parties, "master", Role.noChange);
        answer(parties, role, later);
        expect(told(parties, "master")).toBe(Role.slave);
        expect(parties.heard.switch).toEqual([]);
      }
    },
  );

  test("makes the one that was master here a slave, who alone is told", () => {
    const parties = new Parties(5);
    ask(parties, "master", Role.slave, 1n);
    ask(parties, "pool", Role.master, 1n);
    parties.forget();
    parties.say("switch", roleStatus, 0, roleBody(Role.slave, 5n));
    expect([parties.words("pool"), parties.words("copy")]).toEqual([["ROLE_STATUS 0"], []]);
    parties.say("pool", flowMod, 9, Buffer.alloc(48));
    expect(parties.words("pool")).toEqual(["ROLE_STATUS 0", "ERROR 9"]);
    request(parties, "pool", Role.master, 4n);
    expect(parties.words("switch")).toEqual([]);
  });

  test("leaves an equal what it is: the connection is made that again", () => {
    const parties = new Parties(5);
    ask(parties, "master", Role.master, 1n);
    parties.forget();
    parties.say("switch", roleStatus, 0, roleBody(Role.slave, 5n));
    expect([parties.words("pool"), parties.words("copy")]).toEqual([[], ["ROLE_STATUS 0"]]);
    expect(asked(parties)).toEqual([Role.equal]);
    grant(parties);
    expect([parties.words("pool"), parties.words("master")]).toEqual([[], []]);
    parties.say("pool", flowMod, 9, Buffer.alloc(48));
    expect(parties.words("switch")).toHaveLength(1);
  });

  test("is found out in 1.3 by whoever asks", () => {
    const parties = new Parties(4);
    ask(parties, "pool", Role.master, 1n);
    parties.forget();
    request(parties, "pool", Role.noChange);
    parties.say("switch", roleReply, parties.last("switch").readUInt32BE(4), roleBody(Role.slave, 3n));
    expect(parties.last("pool").subarray(8)).toEqual(roleBody(Role.slave, 3n));
  });
});

test("a slave may not send packets or change the switch; what concerns its own connection and what asks passes", () => {
  const parties = new Parties(4);
  ask(parties, "pool", Role.slave, 1n);
  const tableFeatures = Buffer.from("000c000000000000", "hex");
  for (const type of [packetOut, flowMod, groupMod, portMod, tableMod, meterMod]) {
    parties.forget();
    parties.say("pool", type, 9, Buffer.alloc(48));
    expect([parties.words("switch"), parties.words("pool")]).toEqual([[], ["ERROR 9"]]);
  }
  parties.forget();
  parties.say("pool", multipart, 9, Buffer.concat([tableFeatures, Buffer.alloc(64)]));
  expect([parties.words("switch"), parties.words("pool")]).toEqual([[], ["ERROR 9"]]);
  parties.forget();
  parties.say("pool", multipart, 10, tableFeatures);
  parties.say("pool", setConfig, 11, Buffer.alloc(4));
  expect([parties.heard.switch.length, parties.words("pool")]).toEqual([2, []]);
});

test("where the master controller may not write, the pool's asks for roles as it would without it", () => {
  const parties = new Parties(4, false);
  for (const role of [Role.slave, Role.noChange]) {
    parties.forget();
    request(parties, "pool", role, 3n);
    expect(asked(parties)).toEqual([role]);
    parties.say("switch", roleReply, parties.last("switch").readUInt32BE(4), roleBody(Role.slave, 3n));
    expect(parties.words("pool")).toEqual(["ROLE_REPLY 5"]);
  }
  parties.forget();
  parties.say("pool", flowMod, 9, Buffer.alloc(48));
  parties.say("switch", packetIn, 0, Buffer.alloc(32));
  expect([parties.heard.switch.length, parties.words("pool")]).toEqual([1, ["PACKET_IN 0"]]);
});

test("a slave's generation is compared with the switch's, although the connection stays an equal", () => {
  const parties = new Parties(4);
  request(parties, "master", Role.slave, 1n);
  const said = message(4, roleRequest, 5, roleBody(Role.slave, 1n));
  answer(parties, Role.equal, 9n);
  expect(parties.words("master")).toEqual(["ERROR 5"]);
  expect(parties.last("master").subarray(8)).toEqual(Buffer.concat([Buffer.from("000b0000", "hex"), said]));
  parties.say("master", flowMod, 6, Buffer.alloc(48));
  expect(parties.words("master")).toEqual(["ERROR 5"]);
});

test("a generation that a slave told is not behind for the other controller, although the switch has not heard it", () => {
  const parties = new Parties(4);
  request(parties, "master", Role.slave, 50n);
  answer(parties, Role.equal, 9n);
  expect(parties.last("master").subarray(8)).toEqual(roleBody(Role.slave, 50n));
  request(parties, "pool", Role.master, 40n);
  expect([parties.words("switch"), parties.words("pool")]).toEqual([[], ["ERROR 5"]]);
});

test("a master controller that is not there is no party: the pool's requests pass as they are", () => {
  const parties = new Parties(4);
  const passes = (role: number, generation: bigint) => {
    parties.forget();
    request(parties, "pool", role, generation);
    expect(parties.heard.switch.map((each) => each.subarray(8))).toEqual([roleBody(role, generation)]);
    grant(parties);
    expect(parties.words("pool")).toEqual(["ROLE_REPLY 5"]);
    expect(parties.heard.switch).toEqual([]);
  };
  passes(Role.slave, 1n);
  ask(parties, "master", Role.equal, 0n);
  parties.relay.masterLeft();
  parties.forget();
  passes(Role.equal, 77n);
  passes(Role.slave, 2n);
});

test("as a master controller comes that is an equal, so is the connection, and as it goes the connection is what the pool's is", () => {
  const parties = new Parties(4);
  ask(parties, "pool", Role.slave, 3n);
  parties.relay.masterCame();
  expect(asked(parties)).toEqual([Role.equal]);
  grant(parties);
  ask(parties, "master", Role.master, 4n);
  parties.forget();
  parties.relay.masterLeft();
  expect(parties.heard.switch.map((each) => each.subarray(8))).toEqual([roleBody(Role.slave, 4n)]);
  grant(parties);
  expect([parties.heard.pool, parties.heard.switch]).toEqual([[], []]);
});

test("one that left as a master does not leave the connection master, also where the switch knows a later generation", () => {
  const parties = new Parties(4);
  ask(parties, "pool", Role.slave, 1n);
  parties.relay.masterCame();
  grant(parties);
  ask(parties, "master", Role.master, 2n);
  parties.forget();
  parties.relay.masterLeft();
  refuse(parties);
  expect(asked(parties)).toEqual([Role.equal]);
  answer(parties, Role.equal, 9n);
  expect(parties.heard.switch.map((each) => each.subarray(8))).toEqual([roleBody(Role.slave, 9n)]);
  // What is refused again is left at that: a slave that is served as an equal hears no more than a slave.
  refuse(parties);
  expect(parties.heard.switch).toEqual([]);
  parties.say("switch", packetIn, 0, Buffer.alloc(32));
  expect(parties.heard.pool).toEqual([]);
});

test("a slave's own generation is what the connection is made a slave with, where the switch knows none", () => {
  const parties = new Parties(4);
  parties.relay.masterCame();
  request(parties, "pool", Role.slave, 3n);
  parties.relay.masterLeft();
  answer(parties, Role.equal, null);
  expect(parties.heard.switch.map((each) => each.subarray(8))).toEqual([roleBody(Role.slave, 3n)]);
});

test("a switch that refuses the multiplexer whatever it asks is left alone", () => {
  const parties = new Parties(4);
  ask(parties, "master", Role.master, 2n);
  parties.relay.masterLeft();
  for (let times = 0; times < 3; times += 1) {
    parties.heard.switch = parties.heard.switch.filter((each) => each.readUInt8(1) === roleRequest);
    if (parties.heard.switch.length > 0) refuse(parties);
  }
  expect(parties.heard.switch).toEqual([]);
});

test("one that no longer speaks OpenFlow is asked nothing as the master controller goes", () => {
  const parties = new Parties(4);
  ask(parties, "master", Role.master, 2n);
  parties.forget();
  parties.says("switch", Buffer.from("040a000400000000", "hex"));
  parties.relay.masterLeft();
  expect([parties.heard.switch, parties.strange]).toEqual([[], ["pool 040a000400000000"]]);
});

test("an error to a role quotes what was said, also where the switch was asked something else", () => {
  const parties = new Parties(4);
  for (const role of [Role.slave, Role.master]) {
    parties.forget();
    request(parties, "master", role, 6n);
    const said = message(4, roleRequest, 5, roleBody(role, 6n));
    const [quoted] = parties.heard.switch.splice(0);
    const error = Buffer.concat([Buffer.from("000b0001", "hex"), quoted as Buffer]);
    parties.say("switch", Type.error, quoted?.readUInt32BE(4) ?? 0, error);
    expect(parties.last("master").subarray(12)).toEqual(said);
    expect(parties.last("master").subarray(8, 12).toString("hex")).toBe("000b0001");
  }
});

test("a master that a switch's configuration makes an equal is told so, and not made master again", () => {
  const parties = new Parties(5);
  ask(parties, "master", Role.master, 1n);
  parties.forget();
  const body = roleBody(Role.equal, 1n);
  body.writeUInt8(1, 4);
  parties.say("switch", roleStatus, 0, body);
  expect([parties.words("copy"), parties.words("pool"), parties.words("switch")]).toEqual([
    ["ROLE_STATUS 0"],
    [],
    [],
  ]);
});

test("what the switch deposes meanwhile of whom it was not asked is no news to whoever is no master", () => {
  const parties = new Parties(5);
  ask(parties, "master", Role.master, 1n);
  parties.forget();
  parties.relay.masterLeft();
  parties.say("switch", roleStatus, 0, roleBody(Role.slave, 2n));
  grant(parties);
  expect([parties.heard.pool, parties.heard.switch]).toEqual([[], []]);
});
