import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { message } from "../../../src/mirror/openflow/message.js";
import { SwitchMemory } from "../../../src/mirror/session/switch-memory.js";
import { SendBuffers, tableName } from "../../../src/mirror/switch/send-buffers.js";
import { SwitchMirror } from "../../../src/mirror/switch/switch-mirror.js";
import { listening } from "../../openflow-load/listening.js";
import { features, hex, multipart, port as portOf } from "../session/dialogue.js";

const beat = (xid: number) => message(4, 2, xid);

let heard: { text: string; readonly socket: Socket }[] = [];
let master: Awaited<ReturnType<typeof listening>>;
let mirror: SwitchMirror;
let now = 0;

beforeEach(async () => {
  heard = [];
  now = 0;
  master = await listening((socket) => {
    const connection = { text: "", socket };
    heard.push(connection);
    socket.write(helloFor(4, 1));
    socket.on("data", (bytes) => {
      connection.text += bytes.toString("hex");
    });
    socket.on("error", () => undefined);
  });
  const place = { address: "127.0.0.1", port: master.port, writes: "error", queue: 65_536 } as const;
  const memory = new SwitchMemory();
  memory.learn(6, 4, features(4));
  memory.learn(19, 4, multipart(4, 19, 7, 13, 0, portOf(4, 1, "eth1")));
  mirror = new SwitchMirror(place, () => now, null, { memory, position: 0, waiting: 0 });
  await live(0);
});
afterEach(async () => {
  mirror.end();
  await master.end();
});

async function live(index: number): Promise<void> {
  mirror.tick();
  await expect.poll(() => mirror.state, { timeout: 5_000 }).toBe("live");
  await expect.poll(() => heard[index]?.text, { timeout: 5_000 }).not.toBe("");
}

/** The switch says this many messages of eight bytes. */
function say(count: number): void {
  mirror.stream.messages(Buffer.concat(Array.from({ length: count }, (_, xid) => beat(xid))), count);
  mirror.flush();
}

/** The system says that it holds so many bytes for the connection; that there is no such connection, where null. */
function look(held: number | null): void {
  const local = heard.at(-1)?.socket.remotePort ?? 0;
  const ends = `${tableName("127.0.0.1", local)} ${tableName("127.0.0.1", master.port)}`;
  const row = `   0: ${ends} 01 ${(held ?? 0).toString(16).toUpperCase().padStart(8, "0")}:00000000`;
  mirror.look(new SendBuffers(held === null ? "none" : row));
}

const counted = () => {
  const { delivered, dropped } = mirror.counters;
  return { delivered, dropped, waiting: mirror.queued.messages };
};

test("what only the system has taken for a master controller waits, and is dropped where the connection ends with it", () => {
  say(2);
  now = 200;
  say(3);
  now = 1_000;
  look(24);
  expect(counted()).toEqual({ delivered: 2, dropped: 0, waiting: 3 });
  expect([mirror.queued.bytes, mirror.queued.age]).toEqual([24, 800]);
  say(2);
  look(null);
  expect(counted()).toEqual({ delivered: 2, dropped: 0, waiting: 5 });
  mirror.end();
  expect(counted()).toEqual({ delivered: 2, dropped: 5, waiting: 0 });
});

test("with one that takes all nothing waits, and what was said last is presumed to arrive", () => {
  say(5);
  look(0);
  now = 1_000;
  say(3);
  expect(counted()).toEqual({ delivered: 5, dropped: 0, waiting: 0 });
  look(24);
  expect(counted()).toEqual({ delivered: 5, dropped: 0, waiting: 0 });
  mirror.end();
  expect(counted()).toEqual({ delivered: 8, dropped: 0, waiting: 0 });
});

test("one whose system acknowledges nothing for 30 s counts as gone, and has all that comes then when it is back", async () => {
  for (now = 0; now <= 32_000; now += 1_000) {
    if (now % 10_000 === 1_000) say(1);
    look(now < 1_000 ? 0 : 8 * Math.ceil(now / 10_000));
    mirror.tick();
  }
  expect([mirror.state, mirror.why]).toEqual(["apart", "it has acknowledged nothing for 30 s"]);
  expect(counted()).toEqual({ delivered: 0, dropped: 4, waiting: 0 });
  say(1);
  now += 1_000;
  await live(1);
  await expect.poll(() => heard[1]?.text).toContain(beat(0).toString("hex"));
  look(0);
  expect(counted()).toEqual({ delivered: 1, dropped: 4, waiting: 0 });
});

/** Whoever listens hangs up; milliseconds until it is tried again. */
async function hungUp(): Promise<number> {
  master.cut();
  await expect.poll(() => mirror.state, { timeout: 5_000 }).toBe("apart");
  const began = now;
  for (; mirror.state === "apart"; now += 25) mirror.tick();
  return now - began;
}

test("one that greets and hangs up is tried ever more seldom, until a session stood for half a minute", async () => {
  for (const [index, most] of [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000].entries()) {
    const pause = await hungUp();
    expect(pause).toBeGreaterThanOrEqual(most / 2);
    expect(pause).toBeLessThanOrEqual(most + 50);
    await live(index + 1);
  }
  now += 30_000;
  expect(await hungUp()).toBeLessThanOrEqual(300);
});

test("what one that hangs up has not acknowledged is dropped, and not delivered", async () => {
  say(2);
  look(0);
  say(3);
  await hungUp();
  expect(counted()).toEqual({ delivered: 2, dropped: 3, waiting: 0 });
});

test("a generation that was told before the connection ended is behind afterwards, too", async () => {
  const claim = (generation: string) =>
    heard.at(-1)?.socket.write(message(4, 24, 9, hex(`00000002 00000000 ${generation}`)));
  claim("0000000000000005");
  await expect.poll(() => heard[0]?.text).toContain("0419001800000009");
  master.cut();
  await expect.poll(() => mirror.state).toBe("apart");
  now += 1_000;
  await live(1);
  claim("0000000000000004");
  await expect.poll(() => heard[1]?.text).toMatch(/0401....00000009000b0000/);
});

test("one that asks and does not read is let go, and only so many answers are made for it", async () => {
  for (let number = 2; number <= 15_000; number += 500) {
    const ports = Array.from({ length: 500 }, (_, each) => portOf(4, number + each, "p"));
    mirror.stream.memory.learn(
      ...([19, 4, multipart(4, 19, 7, 13, number + 500 > 15_000 ? 0 : 1, Buffer.concat(ports))] as const),
    );
  }
  const { ports } = mirror.stream.memory;
  const made = vi.spyOn(ports ?? expect.fail("it has ports"), "described");
  heard[0]?.socket.pause();
  heard[0]?.socket.write(
    Buffer.concat([...Array.from({ length: 4_096 }, () => multipart(4, 18, 4, 13, 0)), message(4, 14, 8)]),
  );
  const why = () => {
    mirror.tick();
    return mirror.why;
  };
  await expect.poll(() => made.mock.calls.length, { timeout: 5_000 }).toBeGreaterThan(0);
  const held = made.mock.calls.length;
  await new Promise((done) => setTimeout(done, 100));
  expect(why()).toBe("");
  now = 5_100;
  await expect.poll(why, { timeout: 5_000 }).toBe("it does not read what it asked for");
  expect(made.mock.calls.length).toBeLessThan(held + 5);
  expect(made.mock.calls.length).toBeLessThan(100);
});
