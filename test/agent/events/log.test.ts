import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EventLog, type Happening } from "../../../src/agent/events/log.js";
import { segmentName, segmentSize, segmentsKept } from "../../../src/agent/events/segment.js";
import type { Event } from "../../../src/api/event.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-events-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const happening = (text: string): Happening => ({ kind: "fault", text, details: {} });
const everything = { after: 0, limit: 100_000 };
const texts = (events: readonly Event[]) => events.map(({ text }) => text);

/** Milliseconds of processor time that the longest turn of the event loop took until `stop`. */
function longestTurn(): { stop(): number } {
  let [longest, before] = [0, process.cpuUsage()];
  const look = () => {
    const { user } = process.cpuUsage(before);
    longest = Math.max(longest, user / 1_000);
    before = process.cpuUsage();
    next = setImmediate(look);
  };
  let next = setImmediate(look);
  return {
    stop: () => {
      clearImmediate(next);
      return longest;
    },
  };
}

/** Opens the log, works with it, and closes it. */
async function withLog<T>(work: (log: EventLog) => Promise<T> | T): Promise<T> {
  const log = await EventLog.open(directory, "lb-a");
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

async function write(...all: string[]): Promise<void> {
  await withLog(async (log) => {
    for (const text of all) log.append(happening(text));
    await log.settled();
  });
}

describe("an event log", () => {
  test("has told what it was waited for", async () => {
    await withLog(async (log) => {
      for (const text of ["one", "two", "three"]) {
        const waited = log.appendAndTell(happening(text));
        const before = texts(await log.read(everything));
        await waited;
        expect([...before, text]).toEqual(texts(await log.read(everything)));
      }
    });
  });

  test("counts on from where it stopped, without a gap", async () => {
    await write("one", "two");
    await write("three");
    const events = await withLog((log) => log.read(everything));
    expect(texts(events)).toEqual(["one", "two", "three"]);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  test("tells nobody of an event before it is on the disk", async () => {
    await withLog(async (log) => {
      log.append(happening("one"));
      expect(log.last).toBe(0);
      expect(await log.read(everything)).toEqual([]);
      await log.settled();
      expect(log.last).toBe(1);
    });
  });

  test("keeps the newest segments and forgets what came before them", async () => {
    const text = "x".repeat(8_000);
    const count = Math.ceil((segmentSize * (segmentsKept + 2)) / 8_000);
    await withLog(async (log) => {
      for (let each = 0; each < count; each += 1) log.append(happening(text));
      await log.settled();
      const names = await readdir(directory);
      expect(names).toHaveLength(segmentsKept);
      for (const name of names)
        expect((await stat(join(directory, name))).size).toBeLessThanOrEqual(segmentSize);
      const events = await log.read(everything);
      expect(events.at(-1)?.sequence).toBe(count);
      events.forEach(({ sequence }, index) => {
        expect(sequence).toBe((events[0]?.sequence ?? 0) + index);
      });
    });
  });

  test("gives pages that join without a gap, from disk and memory alike", async () => {
    await withLog(async (log) => {
      for (let each = 1; each <= 700; each += 1) log.append(happening(String(each)));
      await log.settled();
      for (let after = 0; after < 700; after += 70) {
        const page = await log.read({ after, limit: 70 });
        expect(page.map(({ sequence }) => sequence)).toEqual(
          Array.from({ length: 70 }, (_, index) => after + index + 1),
        );
      }
    });
  });
});

describe("a full log", () => {
  test("read whole by many at once holds nobody up for long", async () => {
    await withLog(async (log) => {
      for (let each = 1; each <= 9_000; each += 1) {
        const text = `c${each} of openflow is down (DOWN 1/2)`;
        log.append({ kind: "server", text, details: { service: "openflow", server: `c${each}`, up: false } });
        if (each % 500 === 0) await log.settled();
      }
      await log.settled();
      const turns = longestTurn();
      const many = Array.from({ length: 32 });
      const oldest = await Promise.all(many.map(() => log.read({ after: 0, limit: 1_000 })));
      const newest = await Promise.all(many.map(() => log.read({ after: 8_000, limit: 1_000 })));
      expect(turns.stop()).toBeLessThan(50);
      for (const events of oldest) expect(events).toEqual(oldest[0]);
      for (const events of newest) expect(events).toEqual(newest[0]);
      expect([...oldest, ...newest].map(({ length }) => length)).toEqual([...many, ...many].fill(1_000));
    });
  });
});

describe("a reader that follows", () => {
  test("gets history and news, each once and in order, however slowly it reads", async () => {
    await write(...Array.from({ length: 300 }, (_, index) => String(index + 1)));
    await withLog(async (log) => {
      const stop = new AbortController();
      const seen: number[] = [];
      const reading = (async () => {
        for await (const { sequence } of log.follow(20, stop.signal)) {
          seen.push(sequence);
          if (sequence % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
          if (sequence === 900) stop.abort();
        }
      })();
      for (let each = 301; each <= 900; each += 1) {
        log.append(happening(String(each)));
        if (each % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await reading;
      expect(seen).toEqual(Array.from({ length: 880 }, (_, index) => index + 21));
    });
  });

  test("ends when it is asked to, also while nothing happens", async () => {
    await withLog(async (log) => {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 10);
      for await (const _ of log.follow(0, stop.signal)) throw new Error("nothing happened");
    });
  });
});

describe("a torn or damaged log", () => {
  const file = () => join(directory, segmentName(1));

  test("cut off at any byte gives every whole event, says what it cut, and counts on without a gap", async () => {
    await write("one", "two", "three");
    const whole = await readFile(file());
    for (let length = 0; length <= whole.length; length += 1) {
      await writeFile(file(), whole);
      await truncate(file(), length);
      const kept = whole.subarray(0, length).toString("utf8").split("\n").length - 1;
      const torn = length > 0 && whole[length - 1] !== 0x0a;
      await withLog(async (log) => {
        await log.settled();
        log.append(happening("next"));
        await log.settled();
        const events = await log.read(everything);
        expect(texts(events).slice(0, kept)).toEqual(["one", "two", "three"].slice(0, kept));
        expect(events.some(({ text }) => text.includes("half written"))).toBe(torn);
        expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
        expect(events).toHaveLength(kept + (torn ? 2 : 1));
      });
    }
  });

  test("with any damage gives only events that were written, and never a number twice", async () => {
    const written = ["one", "two", "three", "four", "five"];
    await write(...written);
    const whole = await readFile(file());
    const damage = fc.array(
      fc.record({ at: fc.nat(whole.length - 1), byte: fc.integer({ min: 0, max: 255 }) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    await fc.assert(
      fc.asyncProperty(damage, async (places) => {
        const bytes = Buffer.from(whole);
        for (const { at, byte } of places) bytes[at] = byte;
        await writeFile(file(), bytes);
        await withLog(async (log) => {
          log.append(happening("next"));
          await log.settled();
          const events = await log.read(everything);
          const numbers = events.map(({ sequence }) => sequence);
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
          const old = events.filter(({ kind, text }) => kind === "fault" && text !== "next");
          for (const { text, sequence } of old) expect(written[sequence - 1]).toBe(text);
          expect(events.at(-1)?.text).toBe("next");
        });
      }),
      { numRuns: 200 },
    );
  });

  test("passes over a damaged line in the middle and counts it", async () => {
    await write("one", "two", "three");
    const bytes = await readFile(file());
    const place = bytes.indexOf("two");
    bytes[place] = 0x58;
    await writeFile(file(), bytes);
    await withLog(async (log) => {
      expect(texts(await log.read(everything))).toEqual(["one", "three"]);
      expect(log.damaged).toBe(1);
    });
  });
});
