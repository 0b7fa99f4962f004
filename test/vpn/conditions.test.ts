import { expect, test } from "vitest";
import { Conditions } from "../../src/vpn/conditions.js";

const bird = { about: "bird", text: "BIRD says nothing", over: "BIRD answers again", patience: 5_000 };
const refused = {
  about: "refused b",
  text: "b announces 0.0.0.0/0",
  over: "b announces nothing",
  patience: 0,
};

test("what passes within its patience is never told, nor is its end", () => {
  const conditions = new Conditions();
  expect(conditions.read(0, [bird])).toEqual([]);
  expect(conditions.read(4_999, [bird])).toEqual([]);
  expect(conditions.read(5_000, [])).toEqual([]);
  expect(conditions.read(6_000, [bird])).toEqual([]);
  expect(conditions.told).toEqual([]);
});

test("what stands is told once, again where it is otherwise, and at its end", () => {
  const conditions = new Conditions();
  expect(conditions.read(0, [bird, refused])).toEqual([
    { about: "refused b", text: refused.text, over: false },
  ]);
  expect(conditions.read(1_000, [bird, refused])).toEqual([]);
  expect(conditions.read(5_000, [bird, refused])).toEqual([{ about: "bird", text: bird.text, over: false }]);
  expect(conditions.told.sort()).toEqual([bird.text, refused.text].sort());
  const more = { ...refused, text: "b announces 0.0.0.0/0, 198.18.0.0/15" };
  expect(conditions.read(6_000, [bird, more])).toEqual([
    { about: "refused b", text: more.text, over: false },
  ]);
  expect(conditions.read(7_000, [bird])).toEqual([{ about: "refused b", text: refused.over, over: true }]);
  expect(conditions.told).toEqual([bird.text]);
});
