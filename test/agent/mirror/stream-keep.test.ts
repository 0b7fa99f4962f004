import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import { type StreamFile, streamFileAt } from "../../../src/agent/mirror/stream-file.js";
import { StreamKeep } from "../../../src/agent/mirror/stream-keep.js";
import type { KnownNews } from "../../../src/mirror/stream-book.js";

const keyOf = (number: number) => Buffer.alloc(12, number).toString("base64");
const newsOf = (streams: number, ports = ""): KnownNews[] => [
  {
    service: "openflow",
    told: Array.from({ length: streams }, (_, index) => ({
      ...{ key: keyOf(index), position: index, waiting: 0 },
      memory: { version: 4, hello: null, features: "AAAA", config: null, desc: null, ports },
    })),
    gone: [],
  },
];

async function place(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "holdfast-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return join(dir, "streams.json");
}

test("what is kept comes back as it was, also where it is several mebibytes, and is root's alone to read", async () => {
  const path = await place();
  const file = streamFileAt(path);
  expect(await file.read()).toEqual([]);
  const news = newsOf(5, Buffer.alloc(2 ** 20, 7).toString("base64"));
  await file.write(newsOf(9));
  await file.write(news);
  expect((await file.read()).flatMap(({ told }) => told)).toEqual(news[0]?.told);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(path, ".."))).toEqual(["streams.json"]);
  await file.remove();
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test("what is no such file is left, and it is told in the log", async () => {
  for (const body of ["{", "[{}]\n", '[{"service":"openflow","told":[{"key":"../"}],"gone":[]}]\n', "\0"]) {
    const path = await place();
    await writeFile(path, body);
    const log = pino({ level: "silent" });
    const warn = vi.spyOn(log, "warn");
    const keep = new StreamKeep(streamFileAt(path), () => [], performance.now, log);
    expect(await keep.recall()).toEqual([]);
    expect(warn).toHaveBeenCalledOnce();
  }
});

/** A file that takes its time, by a clock of the test's own. */
function slowly(took: number) {
  let now = 0;
  const written: number[] = [];
  const file: StreamFile = {
    read: async () => [],
    async write() {
      written.push(now);
      return took;
    },
    remove: async () => void written.push(Number.NaN),
  };
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const keep = new StreamKeep(
    file,
    () => newsOf(1),
    () => now,
    pino({ level: "silent" }),
  );
  const pass = async (milliseconds: number) => {
    for (let step = 0; step < milliseconds; step += 100) {
      now += 100;
      await vi.advanceTimersByTimeAsync(100);
    }
  };
  return { keep, written, pass };
}

test("it is written once a second at most, only where something changed, and the last change is never left out", async () => {
  const { keep, written, pass } = slowly(0);
  for (let change = 0; change < 25; change += 1) {
    keep.changed();
    await pass(100);
  }
  await pass(5_000);
  expect(written).toHaveLength(4);
  expect(written.map((at, index) => at - (written[index - 1] ?? -1_000)).every((gap) => gap >= 1_000)).toBe(
    true,
  );
});

test("writing takes a twentieth of the time at most", async () => {
  const { keep, written, pass } = slowly(500);
  for (let change = 0; change < 400; change += 1) {
    keep.changed();
    await pass(100);
  }
  const gaps = written.slice(1).map((at, index) => at - (written[index] ?? 0));
  expect(gaps.length).toBeGreaterThan(1);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
});

test("what is dropped is not written again by a change from before", async () => {
  const { keep, written, pass } = slowly(0);
  keep.changed();
  keep.drop();
  await pass(3_000);
  expect(written).toEqual([Number.NaN]);
});
