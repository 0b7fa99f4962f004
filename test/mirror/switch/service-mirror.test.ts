import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tcpPacketIn } from "../../../src/mirror/capture/tcp-packet.js";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { message } from "../../../src/mirror/openflow/message.js";
import { SwitchMemory } from "../../../src/mirror/session/switch-memory.js";
import { ServiceMirror } from "../../../src/mirror/switch/service-mirror.js";
import { listening } from "../../openflow-load/listening.js";
import { captured } from "../capture/captured.js";
import { features } from "../session/dialogue.js";

const beat = (xid: number) => message(4, 2, xid);
const hello = helloFor(4, 1);
const [syn, fin, rst] = [0x02, 0x11, 0x04];

/** What each connection to the master controller brought, in hexadecimal, the master's own greeting being all it says. */
let connections: { heard: string; socket: Socket; ended: boolean }[] = [];
let master: Awaited<ReturnType<typeof listening>>;
let mirror: ServiceMirror;
let now = 0;

beforeEach(async () => {
  connections = [];
  master = await listening((socket) => {
    const connection = { heard: "", socket, ended: false };
    connections.push(connection);
    socket.write(hello);
    socket.on("data", (bytes) => {
      connection.heard += bytes.toString("hex");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      connection.ended = true;
    });
  });
  now = 0;
  mirror = new ServiceMirror(
    { address: "127.0.0.1", port: master.port, writes: "error", queue: 65_536 },
    () => now,
  );
});
afterEach(async () => {
  mirror.end();
  await master.end();
});

function say(sequence: number, payload: Buffer, { flags = 0x18, client = 1 } = {}): void {
  const packet = tcpPacketIn(captured(4, { sequence, payload, flags, client }));
  if (packet !== null) mirror.packet(packet);
  mirror.flush();
}

/** A switch connects, and says who it is. */
function come(client = 1): number {
  say(99, Buffer.alloc(0), { flags: syn, client });
  say(100, Buffer.concat([hello, features(4)]), { client });
  return 100 + hello.length + features(4).length;
}

/** It is met in its midst, and heard again after a while. */
function meet(sequence: number, client = 1): void {
  say(sequence - 8, beat(0), { client });
  now += 1_000;
  say(sequence, beat(client), { client });
}

const heard = (index = 0) => connections[index]?.heard ?? "";
const arrives = (bytes: Buffer, index = 0) =>
  expect.poll(() => heard(index), { timeout: 5_000 }).toContain(bytes.toString("hex"));
const ends = (index = 0) => expect.poll(() => connections[index]?.ended, { timeout: 5_000 }).toBe(true);

test("a switch has a connection of its own, from when it has said who it is, and what it says arrives there", async () => {
  mirror.activate(true);
  const next = come();
  mirror.tick();
  say(next, beat(7));
  await arrives(Buffer.concat([features(4), beat(7)]));
  expect(connections).toHaveLength(1);
});

test("where the virtual IPs are elsewhere the master controller hears nothing", async () => {
  come();
  mirror.tick();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(connections).toEqual([]);
  expect(mirror.switches.size).toBe(1);
  mirror.activate(true);
  await arrives(features(4));
  mirror.activate(false);
  await ends();
  expect(mirror.switches.size).toBe(0);
});

test("whoever connects and says nothing is no switch", () => {
  mirror.activate(true);
  for (let client = 1; client < 20; client += 1) {
    say(99, Buffer.alloc(0), { flags: syn, client });
    say(100, Buffer.alloc(0), { flags: client % 2 === 0 ? fin : rst, client });
  }
  expect(mirror.switches.size).toBe(0);
});

test("when the switch's connection ends, so does its own, and what was counted stays", async () => {
  mirror.activate(true);
  const next = come();
  mirror.tick();
  await arrives(features(4));
  say(next, beat(1), { flags: fin });
  await ends();
  expect(mirror.past({ datapath: "0000000000000042", auxiliary: 0 })?.messages).toBe(3);
});

test("a SYN alone ends nothing, and what is said behind it begins a connection anew", async () => {
  mirror.activate(true);
  const next = come();
  mirror.tick();
  say(4_999_999, Buffer.alloc(0), { flags: syn });
  say(next, beat(1));
  await arrives(beat(1));
  expect(connections).toHaveLength(1);
  say(5_000_000, Buffer.concat([hello, features(4), beat(2)]));
  mirror.tick();
  await ends(0);
  await arrives(Buffer.concat([features(4), beat(2)]), 1);
});

test("a switch that comes back is the same datapath: the older connection ends", async () => {
  mirror.activate(true);
  come(1);
  mirror.tick();
  await arrives(features(4));
  come(2);
  mirror.tick();
  await ends(0);
  await arrives(features(4), 1);
  expect([...mirror.switches.values()].map((each) => each.mirror.displaced)).toEqual([true, false]);
  // One that is dead says nothing any more, and one that ends has no session to lose.
  now = 300_001;
  say(100 + hello.length + features(4).length, beat(1), { client: 2 });
  mirror.tick();
  expect(mirror.switches.size).toBe(1);
});

test("a stranger that takes a switch's name takes its session for as long as it is there, and no longer", async () => {
  mirror.activate(true);
  const next = come(1);
  mirror.tick();
  await arrives(features(4));
  const theirs = come(2);
  mirror.tick();
  await ends(0);
  say(next, beat(1));
  say(theirs, Buffer.alloc(0), { flags: rst, client: 2 });
  say(next + 8, beat(2));
  mirror.tick();
  await arrives(Buffer.concat([beat(1), beat(2)]), 2);
});

test("what a further connection of a switch says is in the session of its main one", async () => {
  mirror.activate(true);
  const next = come(1);
  const further = Buffer.from(features(4));
  further.writeUInt8(1, 21);
  say(99, Buffer.alloc(0), { flags: syn, client: 2 });
  say(100, Buffer.concat([hello, further]), { client: 2 });
  mirror.tick();
  await arrives(features(4));
  const packetIn = message(4, 10, 0, Buffer.alloc(24));
  say(100 + hello.length + further.length, Buffer.concat([beat(7), packetIn]), { client: 2 });
  say(next, beat(9));
  await arrives(Buffer.concat([packetIn, beat(9)]));
  expect(heard()).not.toContain(beat(7).toString("hex"));
  expect(connections).toHaveLength(1);
});

test("who has not said who it is costs those that have nothing", async () => {
  mirror.activate(true);
  const next = come(1);
  mirror.tick();
  await arrives(features(4));
  const large = message(4, 10, 0, Buffer.alloc(60_000));
  for (let client = 2; client < 100; client += 1) {
    meet(992, client);
    for (let piece = 0; piece < 4; piece += 1) say(1_000 + piece * large.length, large, { client });
  }
  expect(mirror.switches.size).toBe(99);
  const queued = [...mirror.switches.values()].reduce((sum, each) => sum + each.mirror.queued.bytes, 0);
  expect(queued).toBeLessThan(100 * 16_384);
  say(next, beat(9));
  await arrives(beat(9));
});

test("what was counted of a switch that went is counted still, and of all", () => {
  mirror.activate(true);
  const next = come(1);
  say(next, beat(1), { flags: fin });
  for (let client = 2; client < 4_500; client += 1) meet(1_000, client);
  expect(mirror.switches.size).toBe(4_096);
  expect(mirror.totals.messages).toBe(3 + 4_498);
});

test("a stream that another node saw is at the master controller as soon as this node is active, and goes on", async () => {
  const memory = new SwitchMemory();
  memory.learn(6, 4, features(4));
  const key = tcpPacketIn(captured(4, { payload: beat(1) }))?.key ?? "";
  mirror.inherit(key, { memory, position: 1_000, waiting: 0 });
  expect(mirror.switches.size).toBe(0);
  mirror.activate(true);
  await expect.poll(() => connections.length, { timeout: 5_000 }).toBe(1);
  say(1_000, beat(9));
  mirror.tick();
  await arrives(beat(9));
});

test("how far it was copied there is known as it goes, whatever overtakes what; what waited there is lost", async () => {
  const memory = new SwitchMemory();
  memory.learn(6, 4, features(4));
  const key = tcpPacketIn(captured(4, { payload: beat(1) }))?.key ?? "";
  mirror.inherit(key, { memory, position: 1_000, waiting: 5 });
  mirror.advance(key, 1_024, 2);
  mirror.advance(key, 1_008, 9);
  mirror.inherit(key, { memory, position: 1_016, waiting: 9 });
  mirror.activate(true);
  say(1_032, beat(9));
  mirror.tick();
  now = 2_000;
  mirror.tick();
  await arrives(beat(9));
  const counters = [...mirror.switches.values()][0]?.mirror.counters;
  expect([counters?.lostBytes, counters?.dropped]).toEqual([8, 2]);
});

test("a stream that was met in its midst goes on as whoever it was, when that is told", async () => {
  mirror.activate(true);
  say(992, beat(0));
  expect(mirror.switches.size).toBe(0);
  meet(1_000);
  expect([...mirror.switches.values()][0]?.mirror.state).toBe("unidentified");
  const memory = new SwitchMemory();
  memory.learn(6, 4, features(4));
  const key = tcpPacketIn(captured(4, { payload: beat(1) }))?.key ?? "";
  mirror.inherit(key, { memory, position: 1_008, waiting: 0 });
  mirror.tick();
  say(1_008, beat(2));
  await arrives(beat(2));
});

test("one that ended there is not gone on with", () => {
  const memory = new SwitchMemory();
  memory.learn(6, 4, features(4));
  mirror.inherit("key", { memory, position: 1_000, waiting: 0 });
  mirror.disinherit("key");
  mirror.activate(true);
  expect(mirror.switches.size).toBe(0);
});

test("a master controller that ends the connection is tried again, and gets what was said meanwhile", async () => {
  mirror.activate(true);
  const next = come();
  mirror.tick();
  await arrives(features(4));
  master.cut();
  const state = () => [...mirror.switches.values()][0]?.mirror.state;
  await expect.poll(state, { timeout: 5_000 }).toBe("apart");
  say(next, beat(3));
  mirror.tick();
  expect(connections).toHaveLength(1);
  now = 1_000;
  mirror.tick();
  await arrives(beat(3), 1);
});

test("a master controller that leaves the switch's questions unanswered counts as gone, one that is not asked does not", async () => {
  mirror.activate(true);
  const next = come();
  mirror.tick();
  await arrives(features(4));
  const state = () => [...mirror.switches.values()][0]?.mirror.state;
  now = 31_000;
  mirror.tick();
  expect(state()).toBe("live");
  say(next, beat(1));
  mirror.tick();
  now = 60_000;
  mirror.tick();
  expect(state()).toBe("live");
  now = 61_001;
  mirror.tick();
  expect(state()).toBe("apart");
});

test("a switch that is silent for five minutes has no session, and has one again from its next word on", async () => {
  mirror.activate(true);
  const next = come();
  mirror.tick();
  await arrives(features(4));
  now = 300_001;
  mirror.tick();
  await ends(0);
  expect([...mirror.switches.values()].map(({ silent }) => silent)).toEqual([true]);
  now += 1_000_000;
  mirror.tick();
  expect(connections).toHaveLength(1);
  say(next, beat(5));
  mirror.tick();
  await arrives(beat(5), 1);
});

test("one that comes back after a long silence on another connection is not there twice", () => {
  mirror.activate(true);
  come(1);
  now = 300_001;
  mirror.tick();
  come(2);
  mirror.tick();
  expect([...mirror.switches.values()].map(({ silent }) => silent)).toEqual([false]);
});

test("packets of connections that do not exist keep no switch away, and those that are here stay", () => {
  mirror.activate(true);
  come(1);
  for (let client = 2; client < 6_000; client += 1) meet(1_000, client);
  expect(mirror.switches.size).toBe(4_096);
  expect(mirror.refused).toBe(0);
  come(6_000);
  for (let client = 6_001; client < 12_000; client += 1) meet(1_000, client);
  const named = [...mirror.switches.values()].filter((each) => each.mirror.stream.memory.identity !== null);
  expect(named).toHaveLength(2);
});

test("what another node saw of a switch ends no connection on which that switch is heard", () => {
  mirror.activate(true);
  come(1);
  const memory = new SwitchMemory();
  memory.learn(6, 4, features(4));
  mirror.inherit("of before", { memory, position: 1_000, waiting: 0 });
  mirror.tick();
  expect([...mirror.switches.values()].map((each) => each.mirror.displaced)).toEqual([false, true]);
});

test("one that was silent on the other node has no session here either until it speaks", async () => {
  const memory = new SwitchMemory();
  memory.learn(6, 4, features(4));
  const key = tcpPacketIn(captured(4, { payload: beat(1) }))?.key ?? "";
  mirror.inherit(key, { memory, position: 1_000, waiting: 0, silent: true });
  mirror.activate(true);
  mirror.tick();
  expect(connections).toEqual([]);
  say(1_000, beat(9));
  mirror.tick();
  await arrives(beat(9));
});

test("what is not whole yet is bounded in all: those without a name give way first", () => {
  mirror.activate(true);
  come(1);
  const inHand = () =>
    [...mirror.switches.values()].reduce((sum, each) => sum + each.mirror.stream.inHand, 0);
  // Behind a hole each.
  for (let client = 2; client < 1_000; client += 1) {
    meet(1_000, client);
    for (let piece = 0; piece < 8; piece += 1)
      say(2_000 + piece * 60_000, Buffer.alloc(60_000, 1), { client });
  }
  expect(inHand()).toBeLessThanOrEqual(2 ** 26);
  expect([...mirror.switches.values()].some(({ mirror }) => mirror.stream.memory.identity !== null)).toBe(
    true,
  );
  expect(mirror.switches.size).toBeLessThan(300);
  expect(mirror.switches.size).toBeGreaterThan(100);
});
