import fc from "fast-check";
import { expect, test } from "vitest";
import { MessageQueue, QueueBudget } from "../../../src/mirror/switch/queue.js";

/** Runs of so many bytes each, told by their first four. */
const run = (number: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length, 0xab);
  bytes.writeUInt32BE(number, 0);
  return bytes;
};

test("gives back what was put in, in order, and counts what gave way: the oldest", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ length: fc.integer({ min: 4, max: 30_000 }), taken: fc.boolean() }), {
        maxLength: 200,
      }),
      (steps) => {
        const queue = new MessageQueue(100_000);
        const out: Buffer[] = [];
        let [added, dropped] = [0, 0];
        for (const { length, taken } of steps) {
          dropped += queue.add(run(added, length), 1, 0);
          added += 1;
          expect(queue.bytes).toBeLessThanOrEqual(100_000);
          const got = taken ? queue.take() : null;
          if (got !== null) out.push(got.bytes);
        }
        for (let got = queue.take(); got !== null; got = queue.take()) out.push(got.bytes);
        expect(queue.bytes).toBe(0);
        expect(queue.messages).toBe(0);
        // Every run begins with its number and is whole: walk through them.
        const lengths = steps.map(({ length }) => length);
        const whole = Buffer.concat(out);
        const seen: number[] = [];
        for (let at = 0; at < whole.length; at += lengths[seen.at(-1) ?? 0] ?? 1)
          seen.push(whole.readUInt32BE(at));
        expect(seen.length + dropped).toBe(added);
        expect(seen).toEqual([...seen].sort((a, b) => a - b));
      },
    ),
  );
});

test("what alone is more than it may hold gives way itself, with all that waited", () => {
  const queue = new MessageQueue(100);
  expect(queue.add(Buffer.alloc(60), 2, 0)).toBe(0);
  expect(queue.add(Buffer.alloc(101), 3, 0)).toBe(5);
  expect(queue.messages).toBe(0);
});

test("a small run does not keep the buffer that it is a view of", () => {
  const queue = new MessageQueue(1_000_000);
  const piece = Buffer.alloc(65_536);
  queue.add(piece.subarray(0, 64), 1, 0);
  expect(queue.take()?.bytes.buffer).not.toBe(piece.buffer);
});

test("queues that share a budget hold no more than it has together, and whoever adds gives way", () => {
  const budget = new QueueBudget(100);
  const [one, other] = [new MessageQueue(80, budget), new MessageQueue(80, budget)];
  expect(one.add(Buffer.alloc(70), 1, 0)).toBe(0);
  expect(other.add(Buffer.alloc(30), 1, 0)).toBe(0);
  expect(other.add(Buffer.alloc(20), 1, 0)).toBe(2);
  expect([one.bytes, other.bytes, budget.used]).toEqual([70, 0, 70]);
  one.take();
  expect(other.add(Buffer.alloc(80), 1, 0)).toBe(0);
  other.clear();
  expect(budget.used).toBe(0);
});
