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
  const heard = new HeardStreams(() => 0);
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
    Object.fromEntries(
      heard.all().flatMap(({ streams }) => streams.map(({ key, position }) => [key, position])),
    );
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
  spread.news(news([stream("a", 10), stream("b", 20)]));
  await told(positions, { a: 10, b: 20 });
  spread.news(news([stream("a", 15, true)]));
  await told(positions, { a: 15, b: 20 });
  expect(series.at(-1)?.news[0]?.told).toEqual([{ key: "a", position: 15, waiting: 0 }]);
  spread.news(news([], ["b"]));
  await told(positions, { a: 15 });
});

test("one that starts again, or missed something, hears all", async () => {
  const { hearer, series, positions, setDeaf } = peer();
  const spread = new StreamSpread(() => [hearer]);
  spread.begin();
  spread.news(news([stream("a", 10)]));
  await told(positions, { a: 10 });
  setDeaf(true);
  spread.news(news([stream("b", 20)]));
  await new Promise((resolve) => setTimeout(resolve, 20));
  setDeaf(false);
  spread.news(news([stream("c", 30)]));
  await told(positions, { a: 10, b: 20, c: 30 });
  expect(series.at(-1)?.begin).toBe(true);
});

test("what a node told before it lost its role stays known until somebody tells anew", async () => {
  const { hearer, positions } = peer();
  const spread = new StreamSpread(() => [hearer]);
  spread.begin();
  spread.news(news([stream("a", 10)]));
  await told(positions, { a: 10 });
  spread.end();
  spread.news(news([], ["a"]));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(positions()).toEqual({ a: 10 });
  spread.begin();
  spread.news(news([stream("b", 5)]));
  await told(positions, { b: 5 });
});

test("news that do not follow what was heard are not taken", () => {
  const heard = new HeardStreams(() => 0);
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

test("a node that starts again gets back what it told lately, and nothing of long ago", () => {
  let now = 0;
  const heard = new HeardStreams(() => now);
  heard.hear("lb-a", {
    run: "x",
    number: 0,
    begin: true,
    news: [{ service: "openflow", told: [{ key: "a", position: 1, waiting: 0, memory }], gone: [] }],
  });
  expect(heard.kept("lb-a").flatMap((each) => each.told.map(({ key }) => key))).toEqual(["a"]);
  expect(heard.kept("lb-c")).toEqual([]);
  now = 31_000;
  expect(heard.kept("lb-a")).toEqual([]);
});
