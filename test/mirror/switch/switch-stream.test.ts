import { expect, test } from "vitest";
import { tcpPacketIn } from "../../../src/mirror/capture/tcp-packet.js";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { message } from "../../../src/mirror/openflow/message.js";
import { SwitchMemory } from "../../../src/mirror/session/switch-memory.js";
import { Counters } from "../../../src/mirror/switch/counters.js";
import { type Inheritance, SwitchStream } from "../../../src/mirror/switch/switch-stream.js";
import { captured } from "../capture/captured.js";
import { features } from "../session/dialogue.js";

const beat = (xid: number) => message(4, 2, xid);

function watched(start: number | null, inherited: Inheritance | null = null) {
  const told: string[] = [];
  const counters = new Counters();
  let learned = 0;
  const stream = new SwitchStream(
    {
      run: (bytes, messages) => void told.push(`${messages} ${bytes.toString("hex")}`),
      learned: () => {
        learned += 1;
      },
    },
    start ?? inherited?.position ?? null,
    inherited?.memory,
    counters,
  );
  const say = (sequence: number, payload: Buffer, flags = 0x18, now = 0) => {
    const packet = tcpPacketIn(captured(4, { sequence, payload, flags }));
    if (packet !== null) stream.packet(packet, now);
  };
  return { stream, counters, say, told, times: () => learned };
}

test("a switch's greeting is kept for the session, and the rest is told as it came", () => {
  const { stream, counters, say, told, times } = watched(100);
  const [hello, rest] = [helloFor(4, 1), Buffer.concat([features(4), beat(1)])];
  say(100, Buffer.concat([hello, rest]));
  expect(told).toEqual([`2 ${rest.toString("hex")}`]);
  expect(stream.memory.hello).toEqual(hello);
  expect(stream.memory.identity?.datapath).toBe("0000000000000042");
  expect(times()).toBe(1);
  expect(counters.messages).toBe(3);
  expect([...counters.types.slice(0, 7)]).toEqual([1, 0, 1, 0, 0, 0, 1]);
  expect(stream.position).toBe(100 + hello.length + rest.length);
});

test("a greeting that comes alone tells nothing", () => {
  const { say, told } = watched(100);
  say(100, helloFor(4, 1));
  say(100 + 16, beat(1));
  expect(told).toEqual([`1 ${beat(1).toString("hex")}`]);
});

test("a stream that another node saw goes on where that one was, and what is missing is counted", () => {
  const memory = new SwitchMemory();
  memory.learn(6, 4, features(4));
  const { stream, counters, say, told } = watched(null, { memory, position: 1_000, waiting: 0 });
  say(1_008, beat(2));
  stream.tick(0);
  stream.tick(1_500);
  expect(told).toEqual([`1 ${beat(2).toString("hex")}`]);
  expect(counters.lostBytes).toBe(8);
  expect(counters.resyncs).toBe(1);
});

test("it ends with everything that was said before its end, and with a reset at once if that one is near", () => {
  const late = watched(100);
  late.say(108, beat(2), 0x11);
  expect(late.stream.ended).toBe(false);
  late.say(100, beat(1));
  expect(late.stream.ended).toBe(true);
  expect(late.told).toHaveLength(2);
  const cut = watched(100);
  cut.say(2 ** 31, Buffer.alloc(0), 4);
  expect(cut.stream.ended).toBe(false);
  cut.say(100, Buffer.alloc(0), 4);
  expect(cut.stream.ended).toBe(true);
});

test("what comes with a SYN begins with the number behind the SYN's", () => {
  const { counters, say, told } = watched(100);
  say(99, beat(1).subarray(0, 5), 2);
  say(105, beat(1).subarray(5));
  expect(told).toEqual([`1 ${beat(1).toString("hex")}`]);
  expect(counters.lostBytes).toBe(0);
});

test("an end behind a hole is seen when the hole is given up, whether or not anything stands before it", () => {
  const { stream, say, told } = watched(100);
  say(100, beat(1));
  say(116, Buffer.alloc(0), 0x11);
  stream.tick(1_499);
  expect(stream.ended).toBe(false);
  stream.tick(1_500);
  expect(stream.ended).toBe(true);
  expect(told).toEqual([`1 ${beat(1).toString("hex")}`]);
  expect(stream.position).toBe(108);
});

test("an end of long ago, or far away, is none", () => {
  const { stream, say } = watched(1_000);
  say(1_000, beat(1));
  say(900, Buffer.alloc(0), 0x11);
  say(1_008 + 2 ** 20, Buffer.alloc(0), 0x11);
  stream.tick(10_000);
  expect(stream.ended).toBe(false);
});

test("an end far behind a hole is believed where the last segment stands before it", () => {
  const cut = watched(100);
  cut.say(100 + 2 ** 21, beat(1));
  cut.say(108 + 2 ** 21, Buffer.alloc(0), 4);
  expect(cut.stream.ended).toBe(true);
  const { stream, counters, say, told } = watched(100);
  say(100 + 2 ** 21, Buffer.concat([beat(1), beat(2), beat(3)]));
  say(124 + 2 ** 21, Buffer.alloc(0), 0x11);
  stream.tick(1_500);
  expect(stream.ended).toBe(true);
  expect(told).toHaveLength(1);
  expect(counters.lostBytes).toBe(2 ** 21);
});
