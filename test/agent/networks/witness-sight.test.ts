import { expect, test } from "vitest";
import { sightOf } from "../../../src/agent/networks/witness-sight.js";

const witness = { address: "10.0.1.1", network: "switches" };
const [now, silence] = [10_000, 400];
const sight = (asked: number | null, answered: number | null) => {
  const at = (time: number | null) => new Map(time === null ? [] : [[witness.address, time]]);
  return sightOf(witness, { asked: at(asked), answered: at(answered) }, now, silence).sight;
};

test("a witness is silent that is still being asked, and has not answered for so long", () => {
  expect(sight(now - 50, now - 401)).toBe("silent");
  expect(sight(now - 50, null)).toBe("silent");
});

test("one answer in all that time is enough", () => {
  expect(sight(now - 50, now - 400)).toBe("answers");
});

test("a witness that nobody asks any more proves nothing: the agent has just started, or fping does not run", () => {
  expect(sight(null, null)).toBe("unasked");
  expect(sight(now - 401, now - 401)).toBe("unasked");
});
