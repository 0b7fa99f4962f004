import { expect, test } from "vitest";
import { streamSeriesSchema } from "../../src/api/mirror.js";
import { parcels, sizeOfNews } from "../../src/mirror/parcels.js";
import { StreamBook, type StreamNews, sizeOf, type ToldStream } from "../../src/mirror/stream-book.js";

const mebibyte = 2 ** 20;
/** As both ends' addresses of IPv4 are written. */
const key = (number: number): string =>
  Buffer.from(`connection ${number % 10}`.padEnd(12)).toString("base64");
const text = (bytes: number): string => Buffer.alloc(bytes, 7).toString("base64");
const memory = (ports: number) => ({
  ...{ version: 4, hello: text(16), features: text(32), config: null, desc: text(1_056) },
  ports: text(ports),
});
const stream = (number: number, ports: number): ToldStream => ({
  ...{ key: `${key(number)}`, position: 0xffffffff, waiting: 4_096 },
  memory: memory(ports),
});
/** As much as a switch is believed. */
const largest = (number: number): ToldStream => ({
  ...stream(number, mebibyte),
  memory: {
    ...{ version: 4, hello: text(65_535), features: text(65_535), config: text(65_535), desc: text(65_535) },
    ...{ ports: text(mebibyte), generation: "18446744073709551615" },
  },
});
const news = (told: readonly ToldStream[], gone: readonly string[] = []): StreamNews => ({
  service: "openflow",
  told,
  gone,
});
const series = (parcel: readonly StreamNews[]) => ({ run: "run", number: 0, begin: true, news: parcel });
const bytesOf = (parcel: readonly StreamNews[]) => Buffer.byteLength(JSON.stringify(series(parcel)));

test("what a stream takes in JSON is never more than is reckoned", () => {
  for (const each of [stream(1, 640), stream(2, 0), largest(3)]) {
    expect(Buffer.byteLength(JSON.stringify(each))).toBeLessThanOrEqual(sizeOf(each));
    expect(Buffer.byteLength(JSON.stringify(news([each], [key(1)])))).toBeLessThanOrEqual(
      sizeOfNews(news([each], [key(1)])),
    );
  }
});

test("switches of many ports are told in parcels that an agent takes, each once and in order", () => {
  const told = Array.from({ length: 300 }, (_, number) => stream(number, number % 7 === 0 ? 65_536 : 3_072));
  const cut = parcels([news(told, [key(5)]), news([largest(7)]), news([stream(8, 64)], [key(7)])]);
  expect(cut.length).toBeGreaterThan(4);
  for (const parcel of cut) {
    const isOne = parcel.length === 1 && parcel[0]?.told.length === 1;
    expect(bytesOf(parcel)).toBeLessThan(isOne ? 2 * mebibyte : mebibyte + 100);
    expect(streamSeriesSchema.safeParse(series(parcel)).success).toBe(true);
  }
  const [all, ...others] = [cut.flat(), cut.slice(1).flat()];
  expect(all.flatMap((each) => each.told.map(({ memory: said }) => said?.ports?.length))).toEqual(
    [...told, largest(7), stream(8, 64)].map(({ memory: said }) => said?.ports?.length),
  );
  expect(all[0]?.gone).toEqual([key(5)]);
  expect(others.flat().flatMap(({ gone }) => gone)).toEqual([key(7)]);
});

test("news that follow one another are never one: a connection that ended behind its last word has ended", () => {
  const [parcel = []] = parcels([news([stream(1, 64)]), news([], [key(1)])]);
  const book = new StreamBook();
  for (const each of parcel) book.apply(each);
  expect(book.all()).toEqual([]);
});

test("however small its news are, a parcel holds no more of them than a request may", () => {
  const small = { key: key(1), position: 1, waiting: 0 };
  const many = Array.from({ length: 9_000 }, () => news([small]));
  const lists = parcels([news(Array.from({ length: 9_000 }, () => small)), ...many]);
  const ended = parcels([
    news(
      [],
      Array.from({ length: 200_000 }, () => key(1)),
    ),
  ]);
  for (const parcel of [...lists, ...ended])
    expect(streamSeriesSchema.safeParse(series(parcel)).success).toBe(true);
});

test("nothing to tell is one parcel of nothing", () => {
  expect(parcels([])).toEqual([[]]);
});

test("a book holds what one answer of an agent's does; a stream that is too much is not known, and makes room again", () => {
  const book = new StreamBook();
  const named = (number: number): ToldStream => ({ ...stream(number, mebibyte), key: `k${number}` });
  for (let number = 0; number < 50; number += 1) book.apply(news([named(number)]));
  const known = () => book.all().flatMap(({ told }) => told.map((each) => each.key));
  expect(JSON.stringify(book.all()).length).toBeLessThan(64 * mebibyte);
  expect(known().length).toBeLessThan(50);
  expect(known()).not.toContain("k49");
  expect(book.apply(news([{ key: "k49", position: 1, waiting: 0 }]))).toEqual([]);
  // The same again takes no more room.
  for (let times = 0; times < 100; times += 1) expect(book.apply(news([named(0)]))).toHaveLength(1);
  expect(book.apply(news([named(49)], ["k1"]))).toHaveLength(1);
  expect(known()).toContain("k49");
});

test("the streams that news do not name are found", () => {
  const book = new StreamBook();
  book.apply(
    news([
      { ...stream(1, 64), key: "a" },
      { ...stream(2, 64), key: "b" },
    ]),
  );
  expect(book.unnamed(news([{ key: "b", position: 2, waiting: 0 }]))).toEqual(["a"]);
  expect(book.unnamed({ ...news([]), service: "other" })).toEqual([]);
});
