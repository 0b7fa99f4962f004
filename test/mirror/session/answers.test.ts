import { describe, expect, test } from "vitest";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { message } from "../../../src/mirror/openflow/message.js";
import type { WireVersion } from "../../../src/mirror/openflow/version.js";
import { SwitchMemory } from "../../../src/mirror/session/switch-memory.js";
import { dialogue, features, hex, multipart, port, portStatus } from "./dialogue.js";

const greeted = (version: WireVersion, writes: "error" | "drop" = "error", memory = new SwitchMemory()) => {
  const talk = dialogue(version, writes, memory);
  talk.ask(helloFor(version, 9));
  return talk;
};
const as = (bytes: Buffer, xid: number) => {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(xid, 4);
  return copy.toString("hex");
};

describe.each<[WireVersion]>([[1], [4], [5], [6]])(
  "the master controller of a switch with wire version %i",
  (version) => {
    test("gets the features that the switch told, under its own xid, also when it asked too early", () => {
      const { tell, ask, said } = greeted(version);
      expect(ask(message(version, 5, 77))).toEqual([]);
      tell(features(version));
      expect(said.at(-1)).toBe(as(features(version), 77));
      expect(ask(message(version, 5, 78))).toEqual([as(features(version), 78)]);
    });

    test("has its echoes and barriers answered at once", () => {
      const { ask } = greeted(version);
      expect(ask(message(version, 2, 5, Buffer.from("beat")))).toEqual([
        message(version, 3, 5, Buffer.from("beat")).toString("hex"),
      ]);
      const [request, reply] = version === 1 ? [18, 19] : [20, 21];
      expect(ask(message(version, request, 6))).toEqual([message(version, reply, 6).toString("hex")]);
    });

    test("is refused every change, with the beginning of what it sent; `drop` says nothing", () => {
      const flow = message(version, 14, 8, Buffer.alloc(90, 1));
      const talk = greeted(version);
      expect(talk.ask(flow)).toEqual([
        message(version, 1, 8, Buffer.concat([hex("0001 0005"), flow.subarray(0, 64)])).toString("hex"),
      ]);
      talk.ask(message(version, 13, 9, Buffer.alloc(16)));
      expect(talk.wrote).toEqual(["FLOW_MOD", "PACKET_OUT"]);
      const silent = greeted(version, "drop");
      expect(silent.ask(flow)).toEqual([]);
      expect(silent.wrote).toEqual(["FLOW_MOD"]);
      expect(silent.ask(message(version, 4, 1, Buffer.alloc(8)))).toHaveLength(1);
    });

    test("is not answered for what only the switch's own controller asked: its answers and settings go nowhere", () => {
      const { ask, wrote } = greeted(version);
      for (const type of [1, 3, 9]) expect(ask(message(version, type, 1, Buffer.alloc(4)))).toEqual([]);
      expect(wrote).toEqual([]);
    });

    test("gets the configuration as the switch told it, or as the specification has it", () => {
      const { tell, ask } = greeted(version);
      expect(ask(message(version, 7, 1))).toEqual([message(version, 8, 1, hex("0000 0080")).toString("hex")]);
      tell(message(version, 8, 99, hex("0001 ffff")));
      expect(ask(message(version, 7, 2))).toEqual([message(version, 8, 2, hex("0001 ffff")).toString("hex")]);
    });

    test("gets the description that the switch told, and an error where it is never told", () => {
      const { tell, ask, session, said } = greeted(version);
      const [request, reply] = version === 1 ? [16, 17] : [18, 19];
      expect(ask(multipart(version, request, 3, 0, 0), 10)).toEqual([]);
      session.tick(3_011);
      expect(said.at(-1)).toMatch(/^0.01....0000000300010002/);
      tell(multipart(version, reply, 50, 0, 0, Buffer.from("Nicira")));
      expect(ask(multipart(version, request, 4, 0, 0), 4_000)).toEqual([
        multipart(version, reply, 4, 0, 0, Buffer.from("Nicira")).toString("hex"),
      ]);
      // Flow statistics: not kept.
      expect(ask(multipart(version, request, 5, 1, 0), 4_000)[0]).toMatch(/^0.01....0000000500010002/);
    });

    test("gets the ports as they are now", () => {
      const { tell, ask } = greeted(version);
      const [one, two, again] = [
        port(version, 1, "eth1"),
        port(version, 2, "eth2"),
        port(version, 1, "down"),
      ];
      tell(features(version, one));
      if (version > 1) {
        tell(multipart(version, 19, 7, 13, 1, one));
        tell(multipart(version, 19, 7, 13, 0, port(version, 3, "eth3")));
      } else tell(portStatus(version, 0, port(version, 3, "eth3")));
      tell(portStatus(version, 0, two));
      tell(portStatus(version, 2, again));
      tell(portStatus(version, 1, port(version, 3, "eth3")));
      const ports = Buffer.concat([again, two]);
      if (version === 1) expect(ask(message(1, 5, 4))).toEqual([as(features(1, ports), 4)]);
      else
        expect(ask(multipart(version, 18, 4, 13, 0))).toEqual([
          multipart(version, 19, 4, 13, 0, ports).toString("hex"),
        ]);
    });

    test("is told the same by a memory that went to another node", () => {
      const { tell, memory } = greeted(version);
      tell(helloFor(version, 1));
      tell(features(version, port(version, 1, "eth1")));
      if (version > 1) tell(multipart(version, 19, 7, 13, 0, port(version, 1, "eth1")));
      tell(portStatus(version, 0, port(version, 2, "eth2")));
      tell(message(version, 8, 99, hex("0001 ffff")));
      const written = memory.write();
      expect(written).not.toBeNull();
      if (written === null) return;
      const copy = SwitchMemory.read(JSON.parse(JSON.stringify(written)));
      expect(copy.write()).toEqual(written);
      expect(copy.identity).toEqual({ datapath: "0000000000000042", auxiliary: 0, version });
    });
  },
);

test("a thousand ports are told in several parts", () => {
  const { tell, ask } = greeted(4);
  for (let number = 1; number <= 1_000; number += 500)
    tell(
      multipart(
        4,
        19,
        7,
        13,
        number === 1 ? 1 : 0,
        Buffer.concat(Array.from({ length: 500 }, (_, each) => port(4, number + each, "p"))),
      ),
    );
  const parts = ask(multipart(4, 18, 4, 13, 0)).map((text) => Buffer.from(text, "hex"));
  expect(parts.map((part) => part.readUInt16BE(10))).toEqual([1, 0]);
  expect(parts.reduce((sum, part) => sum + part.length - 16, 0)).toBe(64_000);
});

test("from 1.5 on one port may be asked for", () => {
  const { tell, ask } = greeted(6);
  tell(multipart(6, 19, 7, 13, 0, Buffer.concat([port(6, 1, "eth1"), port(6, 2, "eth2")])));
  expect(ask(multipart(6, 18, 4, 13, 0, hex("00000002 00000000")))).toEqual([
    multipart(6, 19, 4, 13, 0, port(6, 2, "eth2")).toString("hex"),
  ]);
  expect(ask(multipart(6, 18, 5, 13, 0, hex("ffffffff 00000000")))[0]).toHaveLength(2 * (16 + 144));
});

test("roles are kept as a switch keeps them: a generation that is behind is stale, modulo 2^64", () => {
  const { ask } = greeted(4);
  const role = (xid: number, role: string, generation: string) =>
    ask(message(4, 24, xid, hex(`${role} 00000000 ${generation}`)))[0];
  expect(role(1, "00000000", "0000000000000000")).toBe(
    "0419001800000001" + "0000000100000000" + "ffffffffffffffff",
  );
  expect(role(2, "00000002", "ffffffffffffffff")).toBe(
    "0419001800000002" + "0000000200000000" + "ffffffffffffffff",
  );
  expect(role(3, "00000003", "0000000000000001")).toBe(
    "0419001800000003" + "0000000300000000" + "0000000000000001",
  );
  expect(role(4, "00000002", "0000000000000000")).toMatch(/^0401....00000004000b0000/);
  expect(role(5, "00000009", "0000000000000002")).toMatch(/^0401....00000005000b0002/);
  expect(ask(message(4, 24, 6, hex("00000001")))[0]).toMatch(/^0401....0000000600010006/);
});

test("a generation is remembered by the switch, on whichever connection and node it was told", () => {
  const claim = (memory: SwitchMemory, generation: string) =>
    greeted(4, "error", memory).ask(message(4, 24, 1, hex(`00000002 00000000 ${generation}`)))[0];
  const { memory, tell } = greeted(4);
  tell(features(4));
  const told = memory.revision;
  expect(claim(memory, "8000000000000005")).toMatch(/^0419/);
  expect(memory.revision).toBeGreaterThan(told);
  const written = memory.write();
  expect(claim(memory, "8000000000000004")).toMatch(/^0401....00000001000b0000/);
  if (written === null) throw new Error("it is somebody");
  const elsewhere = SwitchMemory.read(JSON.parse(JSON.stringify(written)));
  expect(claim(elsewhere, "8000000000000004")).toMatch(/^0401....00000001000b0000/);
  expect(claim(elsewhere, "8000000000000006")).toMatch(/^0419/);
});

test("questions that wait are bounded, and those beyond are refused at once", () => {
  const { tell, ask, said } = greeted(4);
  for (let xid = 0; xid < 64; xid += 1) expect(ask(multipart(4, 18, xid, 13, 0))).toEqual([]);
  expect(ask(multipart(4, 18, 64, 13, 0))[0]).toMatch(/^0401....0000004000010002/);
  said.splice(0);
  tell(multipart(4, 19, 7, 13, 0, port(4, 1, "eth1")));
  expect(said).toHaveLength(64);
});
