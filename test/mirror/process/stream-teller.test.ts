import { expect, test } from "vitest";
import { StreamTeller } from "../../../src/mirror/process/stream-teller.js";
import type { SwitchEntry } from "../../../src/mirror/switch/service-mirror.js";
import type { SwitchMirror } from "../../../src/mirror/switch/switch-mirror.js";

/** As much of a switch's mirror as is told of. */
const mirror = (position: number, silent = false): Pick<SwitchEntry, "mirror" | "silent"> => {
  const memory = { identity: { datapath: "01", auxiliary: 0, version: 4 }, revision: 1, write: () => null };
  return {
    mirror: { stream: { position, memory }, queued: { messages: 0 } } as unknown as SwitchMirror,
    silent,
  };
};
const keys = (heard: ReturnType<StreamTeller["news"]>) => heard?.told.map(({ key }) => key);
const written = (key: string) => Buffer.from(key, "latin1").toString("base64");

test("the first news name all streams and say so, be it none; then only what is otherwise is told", () => {
  const teller = new StreamTeller();
  expect(teller.news(new Map())).toEqual({ told: [], gone: [], whole: true });
  expect(teller.news(new Map())).toBeNull();
  const both = new Map([
    ["a", mirror(1)],
    ["b", mirror(2)],
  ]);
  expect(teller.news(both)).toMatchObject({ whole: false, gone: [] });
  expect(teller.news(both)).toBeNull();
  expect(teller.news(new Map([["b", mirror(2)]]))).toEqual({ told: [], gone: [written("a")], whole: false });
  teller.forget();
  const again = teller.news(both);
  expect(again?.whole).toBe(true);
  expect(keys(again)).toEqual([written("a"), written("b")]);
});

test("that a switch has fallen silent is told, and that it speaks again", () => {
  const teller = new StreamTeller();
  teller.news(new Map([["a", mirror(1)]]));
  expect(teller.news(new Map([["a", mirror(1, true)]]))?.told).toMatchObject([{ silent: true }]);
  expect(teller.news(new Map([["a", mirror(1, true)]]))).toBeNull();
  expect(teller.news(new Map([["a", mirror(2)]]))?.told[0]?.silent).toBeUndefined();
});
