import { expect, test } from "vitest";
import { Type } from "../../../src/mirror/openflow/message-type.js";
import { Role, roleBody } from "../../../src/mirror/openflow/role.js";
import { Parties } from "./parties.js";

const { echoReply, roleRequest, roleReply, setAsync } = Type;
const [flowMod, multipartRequest] = [14, 18];
const noPackets = Buffer.from("000000000000000000000007000000070000000f00000000", "hex");

test("what is refused, narrowed or shed did not reach the switch, and all else did", () => {
  const parties = new Parties(4);
  parties.outcomes.length = 0;
  parties.say("master", roleRequest, 1, roleBody(Role.slave, 5n));
  parties.say("switch", roleReply, parties.last("switch").readUInt32BE(4), roleBody(Role.equal, 5n));
  parties.say("master", flowMod, 2, Buffer.alloc(48));
  parties.say("master", roleRequest, 3, roleBody(Role.slave, 4n));
  parties.say("master", setAsync, 4, noPackets);
  parties.say("master", Type.experimenter, 5, Buffer.alloc(8));
  parties.say("master", multipartRequest, 6, Buffer.alloc(8));
  parties.say("pool", setAsync, 7, noPackets);
  parties.say("pool", flowMod, 8, Buffer.alloc(48));
  parties.say("pool", echoReply, 9);
  parties.relay.shed(Buffer.from("040e000800000009", "hex"));
  expect(parties.outcomes).toEqual([
    ["master ROLE_REQUEST", true],
    ["master FLOW_MOD", false],
    ["master ROLE_REQUEST", false],
    ["master SET_ASYNC", false],
    ["master EXPERIMENTER", false],
    ["master MULTIPART_REQUEST", true],
    ["pool SET_ASYNC", true],
    ["pool FLOW_MOD", true],
    ["pool ECHO_REPLY", true],
    ["master FLOW_MOD", false],
  ]);
});

test("what is kept here did not reach the switch, although the multiplexer asks it something itself meanwhile", () => {
  const parties = new Parties(4);
  parties.say("pool", roleRequest, 1, roleBody(Role.slave, 1n));
  parties.say("switch", roleReply, parties.last("switch").readUInt32BE(4), roleBody(Role.slave, 1n));
  parties.relay.masterLeft();
  parties.outcomes.length = 0;
  parties.forget();
  parties.say("master", setAsync, 2, noPackets);
  expect(parties.words("switch")).toHaveLength(1);
  expect(parties.outcomes).toEqual([["master SET_ASYNC", false]]);
});
