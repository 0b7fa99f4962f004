import { expect, test } from "vitest";
import { WitnessPatience } from "../../../src/agent/networks/witness-patience.js";

const address = "10.0.1.1";
const sees = (sight: "answers" | "silent" | "unasked") => [{ address, network: "switches", sight }];

test("at a cut a witness has little time, and a node that has long been alone gives it more", () => {
  const patience = new WitnessPatience(400);
  expect(patience.with(address, 700)).toBe(400);
  expect(patience.with(address, 4_999)).toBe(400);
  expect(patience.with(address, 5_000)).toBe(3_000);
});

test("one that is silent has no more time as the cut grows old, and has it again once it has answered", () => {
  const patience = new WitnessPatience(400);
  patience.saw(sees("answers"), 0);
  patience.saw(sees("silent"), 500);
  expect(patience.with(address, 60_000)).toBe(400);
  patience.saw(sees("answers"), 900);
  expect(patience.with(address, 60_000)).toBe(3_000);
});

test("what the agent before this one knew to be silent still is", () => {
  expect(new WitnessPatience(400, [address]).with(address, 60_000)).toBe(400);
});

test("one that has only just begun to be asked proves nothing yet", () => {
  const patience = new WitnessPatience(400);
  expect(patience.saw(sees("silent"), 1_000)).toEqual(sees("unasked"));
  expect(patience.saw(sees("silent"), 1_399)).toEqual(sees("unasked"));
  expect(patience.saw(sees("silent"), 1_400)).toEqual(sees("silent"));
});
