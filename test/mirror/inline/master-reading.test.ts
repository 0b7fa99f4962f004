import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { message } from "../../../src/mirror/openflow/message.js";
import { behindDoor, came, type End, hears, hello, live, rig, types, until } from "./shared-rig.js";

const { flowMod, barrierRequest, barrierReply } = types;
const [error, multipartRequest, multipartReply] = [1, 18, 19];

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** All that an end heard, in messages. */
function* messages({ heard }: End): Generator<Buffer> {
  const bytes = Buffer.from(heard, "hex");
  for (let rest = bytes; rest.length >= 8 && rest.length >= rest.readUInt16BE(2); ) {
    yield rest.subarray(0, rest.readUInt16BE(2));
    rest = rest.subarray(rest.readUInt16BE(2));
  }
}

/** The numbers of those of one type. */
const numbers = (end: End, type: number): number[] =>
  [...messages(end)].filter((each) => each.readUInt8(1) === type).map((each) => each.readUInt32BE(4));

async function withMaster(): Promise<{ switched: End; master: End }> {
  const switched = await live();
  await hears(() => came.master[0], hello);
  return { switched, master: came.master[0] as End };
}

/** It answers each barrier so many milliseconds later, and each statistic with megabytes. */
function answers({ socket }: End, later: number, parts = 0): void {
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 8 && rest.length >= rest.readUInt16BE(2)) {
      const [type, xid] = [rest.readUInt8(1), rest.readUInt32BE(4)];
      rest = rest.subarray(rest.readUInt16BE(2));
      if (type === barrierRequest) setTimeout(() => socket.write(message(4, barrierReply, xid)), later);
      if (type !== multipartRequest) continue;
      for (let left = parts; left > 0; left -= 1) {
        const body = Buffer.alloc(60_000);
        body.writeUInt16BE(1, 0);
        body.writeUInt16BE(left > 1 ? 1 : 0, 2);
        socket.write(message(4, multipartReply, xid, body));
      }
    }
  });
}

test("a master controller that writes a whole table has it whole, however slowly the switch answers", async () => {
  const { switched, master } = await withMaster();
  answers(switched, 100);
  const [count, mod] = [20_000, Buffer.alloc(48)];
  for (let number = 0; number < count; number += 1) master.socket.write(message(4, flowMod, number, mod));
  master.socket.write(message(4, barrierRequest, count));
  await expect.poll(() => numbers(master, barrierReply), { timeout: 20_000 }).toEqual([count]);
  expect(numbers(switched, flowMod)).toHaveLength(count);
  expect(numbers(master, error)).toEqual([]);
  expect(rig.service.exchange).toMatchObject({ shed: 0 });
}, 30_000);

test("its questions wait while the pool's controller is busy with a switch that does not read", async () => {
  const { switched, master } = await withMaster();
  switched.socket.pause();
  const mod = message(4, flowMod, 9, Buffer.alloc(992));
  for (let count = 0; count < 2_000; count += 1) came.pool[0]?.socket.write(mod);
  await until(() => (behindDoor.at(-1)?.writableLength ?? 0) > 65_536);
  master.socket.write(message(4, multipartRequest, 70, Buffer.from("0003000000000000", "hex")));
  await pause(100);
  switched.socket.resume();
  await until(() => numbers(switched, multipartRequest).length === 1);
  expect(numbers(master, error)).toEqual([]);
});

test("what it says to a switch that does not read takes little of the room of the pool's, and is not lost", async () => {
  const { switched, master } = await withMaster();
  switched.socket.pause();
  const told = message(4, flowMod, 9, Buffer.alloc(992));
  for (let count = 0; count < 2_000; count += 1) master.socket.write(told);
  await until(() => (behindDoor.at(-1)?.writableLength ?? 0) > 16_384);
  await pause(200);
  expect(behindDoor.at(-1)?.writableLength).toBeLessThan(65_536);
  answers(switched, 0);
  switched.socket.resume();
  await until(() => numbers(switched, flowMod).length === 2_000);
  expect(rig.service.exchange).toMatchObject({ shed: 0 });
});

test("what it says while it reads nothing is not confirmed unless it is done", async () => {
  const { switched, master } = await withMaster();
  answers(switched, 0, 200);
  master.socket.pause();
  master.socket.write(message(4, multipartRequest, 77, Buffer.from("0001000000000000", "hex")));
  await until(() => [...rig.service.sessions][0]?.link?.isBehind);
  master.socket.write(message(4, flowMod, 1_000, Buffer.alloc(48)));
  await pause(100);
  expect(numbers(switched, flowMod)).toEqual([]);
  master.socket.resume();
  master.socket.write(message(4, barrierRequest, 1_001));
  await expect.poll(() => numbers(master, barrierReply), { timeout: 10_000 }).toEqual([1_001]);
  expect([numbers(switched, flowMod).length, numbers(master, error)]).toEqual([1, []]);
});

test("one that goes on asking while it reads nothing is refused and counted, and let go at last", async () => {
  const { switched, master } = await withMaster();
  answers(switched, 0, 200);
  master.socket.pause();
  master.socket.write(message(4, multipartRequest, 77, Buffer.from("0001000000000000", "hex")));
  await until(() => [...rig.service.sessions][0]?.link?.isBehind);
  master.socket.write(message(4, barrierRequest, 1_000));
  await pause(100);
  rig.ahead = 6_000;
  await until(() => rig.service.exchange.shed === 1);
  expect(numbers(switched, barrierRequest)).toEqual([]);
  expect(rig.outcomes).toContain(`master ${barrierRequest} 1000 false`);
  rig.ahead = 31_000;
  await until(() => [...rig.service.sessions][0]?.link?.why === "it does not read what it asked for");
});

/** Bytes of all buffers that something still holds: what is garbage is collected first. */
function buffersKept(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().arrayBuffers;
}

test("small answers do not keep the large buffers that they stand in", async () => {
  const { switched, master } = await withMaster();
  const chunk = Buffer.alloc(65_536);
  const link = [...rig.service.sessions][0]?.link;
  master.socket.pause();
  for (let count = 0; count < 1_000 && !link?.isBehind; count += 1) link?.answer(chunk);
  const before = buffersKept();
  for (let count = 0; count < 1_000; count += 1) link?.answer(Buffer.alloc(65_536).subarray(0, 8));
  await expect.poll(() => buffersKept() - before, { timeout: 10_000 }).toBeLessThan(16 * 1_048_576);
  expect(switched.ended).toBe(false);
});
