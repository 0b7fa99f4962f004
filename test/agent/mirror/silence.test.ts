import { expect, test } from "vitest";
import { lookEvery, Silence } from "../../../src/agent/mirror/silence.js";

function looker() {
  let now = 1_000;
  const silence = new Silence(now);
  const looks = (count: number, every = lookEvery) =>
    Array.from({ length: count }, () => {
      now += every;
      return silence.look(now);
    });
  return { silence, looks };
}

test("a process that says nothing for 5 s is silent, one that does not for 15 s hangs, and one word makes it well", () => {
  const { silence, looks } = looker();
  expect(looks(4)).not.toContain("silent");
  expect(new Set(looks(10))).toEqual(new Set(["silent"]));
  expect(looks(1)).toEqual(["hung"]);
  silence.heard();
  expect(looks(4)).toEqual(["well", "well", "well", "well"]);
});

test("whoever was held itself and looks late blames nobody for it", () => {
  const { silence, looks } = looker();
  expect(looks(1, 60_000)).toEqual(["well"]);
  silence.heard();
  expect(looks(4)).not.toContain("silent");
});
