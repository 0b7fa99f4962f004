import { expect, test } from "vitest";
import { HeardStreams } from "../../../src/agent/mirror/heard-streams.js";
import { type StreamHearer, StreamSpread } from "../../../src/agent/mirror/stream-spread.js";
import type { StreamSeries } from "../../../src/api/mirror.js";
import type { ToldStream } from "../../../src/mirror/stream-book.js";

const memory = { version: 4, hello: null, features: "AAAA", config: null, desc: null, ports: null };
const stream = (key: string, position: number, known = false): ToldStream => ({
  ...{ key, position, waiting: 0 },
  ...(known ? {} : { memory }),
});
const news = (told: readonly ToldStream[], gone: readonly string[] = []) => ({
  service: "openflow",
  told,
  gone,
});

/** A peer that hears all that is told, and what it knows of it. */
function peer() {
  const heard = new HeardStreams();
  const series: StreamSeries[] = [];
  let deaf = false;
  const hearer: StreamHearer = {
    node: "lb-b",
    async tellStreams(told) {
      if (deaf) throw new Error("no answer");
      series.push(structuredClone(told));
      return { whole: heard.hear("lb-a", told) === null };
    },
  };
  const positions = () =>
    Object.fromEntries(heard.all().flatMap((each) => each.told.map(({ key, position }) => [key, position])));
  const setDeaf = (is: boolean) => {
    deaf = is;
  };
  return { hearer, series, positions, setDeaf };
}

const told = (condition: () => unknown, value: unknown) =>
  expect.poll(condition, { timeout: 5_000, interval: 5 }).toEqual(value);

test("a peer knows each stream and how far the copy is, without being told twice what the switch told", async () => {
  const { hearer, series, positions } = peer();
  const spread = new StreamSpread(() => [hearer]);
  spread.begin();
  spread.news(news([stream("a", 10), stream("b", 20)]), false);
  await told(positions, { a: 10, b: 20 });
  spread.news(news([stream("a", 15, true)]), false);
  await told(positions, { a: 15, b: 20 });
  expect(series.at(-1)?.news[0]?.told).toEqual([{ key: "a", position: 15, waiting: 0 }]);
  spread.news(news([], ["b"]), false);
  await told(positions, { a: 15 });
});

test("a port that flaps on a large switch fills no request and no memory while a peer is slow: it hears all, once", async () => {
  const { hearer, series, positions } = peer();
  let release = () => {};
  const slow: StreamHearer = {
    node: "lb-b",
    async tellStreams(each) {
      if (series.length === 1) await new Promise<void>((resolve) => (release = resolve));
      return hearer.tellStreams(each);
    },
  };
  const large = { ...memory, ports: Buffer.alloc(2 ** 20, 7).toString("base64") };
  const spread = new StreamSpread(() => [slow]);
  spread.begin();
  await told(() => series.length, 1);
  spread.news(news([stream("a", 1), stream("b", 1)]), false);
  for (let position = 2; position <= 40; position += 1)
    spread.news(news([{ ...stream("a", position), memory: large }]), false);
  release();
  await told(positions, { a: 40, b: 1 });
  const bodies = series.slice(1).map((each) => JSON.stringify(each).length);
  expect(Math.max(...bodies)).toBeLessThan(5 * 2 ** 20);
  expect(bodies.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(5 * 2 ** 20);
});

test("one that starts again, or missed something, hears all", async () => {
  const { hearer, series, positions, setDeaf } = peer();
  const spread = new StreamSpread(() => [hearer]);
  spread.begin();
  spread.news(news([stream("a", 10)]), false);
  await told(positions, { a: 10 });
  setDeaf(true);
  spread.news(news([stream("b", 20)]), false);
  await new Promise((resolve) => setTimeout(resolve, 20));
  setDeaf(false);
  spread.news(news([stream("c", 30)]), false);
  await told(positions, { a: 10, b: 20, c: 30 });
  expect(series.at(-1)?.begin).toBe(true);
});

test("what a node told before it lost its role stays known until somebody tells anew", async () => {
  const { hearer, positions } = peer();
  const spread = new StreamSpread(() => [hearer]);
  spread.begin();
  spread.news(news([stream("a", 10)]), false);
  await told(positions, { a: 10 });
  spread.end();
  spread.news(news([], ["a"]), false);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(positions()).toEqual({ a: 10 });
  spread.begin();
  spread.news(news([stream("b", 5)]), false);
  await told(positions, { b: 5 });
});

test("news that do not follow what was heard are not taken", () => {
  const heard = new HeardStreams();
  const say = (run: string, number: number, begin: boolean, key: string) =>
    heard.hear("lb-a", {
      run,
      number,
      begin,
      news: [{ service: "openflow", told: [{ key, position: 1, waiting: 0, memory }], gone: [] }],
    });
  expect(say("x", 3, false, "a")).toBeNull();
  expect(say("x", 0, true, "a")).toHaveLength(1);
  expect(say("x", 2, false, "b")).toBeNull();
  expect(say("y", 1, false, "b")).toBeNull();
  expect(say("x", 1, false, "b")).toHaveLength(1);
});

test("once another peer has begun, nothing of what the one before told is known, and that one is to say all", () => {
  const heard = new HeardStreams();
  const say = (teller: string, number: number, begin: boolean, key: string) =>
    heard.hear(teller, {
      run: teller,
      number,
      begin,
      news: [news([stream(key, 1)])] as StreamSeries["news"],
    });
  const keys = () => heard.all().flatMap((each) => each.told.map(({ key }) => key));
  say("lb-a", 0, true, "a");
  say("lb-b", 0, true, "b");
  expect(keys()).toEqual(["b"]);
  expect(say("lb-a", 1, false, "c")).toBeNull();
  expect(keys()).toEqual(["b"]);
  heard.forget();
  expect(keys()).toEqual([]);
  expect(say("lb-b", 1, false, "d")).toBeNull();
});

test("of streams that a process does not name when it says all, none is known any more, here or elsewhere", async () => {
  const { hearer, positions } = peer();
  const spread = new StreamSpread(() => [hearer]);
  spread.inherit(news([stream("a", 1), stream("b", 2)]));
  spread.begin();
  await told(positions, { a: 1, b: 2 });
  spread.news(news([stream("b", 3, true)]), true);
  await told(positions, { b: 3 });
  expect(spread.known.flatMap((each) => each.told.map(({ key }) => key))).toEqual(["b"]);
});
