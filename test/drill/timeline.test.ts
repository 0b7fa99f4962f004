import { expect, test } from "vitest";
import type { SessionLine } from "../../src/drill/probe/session-line.js";
import { after, apart, silences } from "../../src/drill/timeline.js";

const window = { from: 1_000, until: 1_100 };

test("a silence lasts from the last success before it to the first after it, or to the end", () => {
  const every = Array.from({ length: 40 }, (_, index) => 1_000 + index);
  expect(silences([...every, 1_070, 1_071], 1, 5, window)).toEqual([
    { from: 1_039, until: 1_070 },
    { from: 1_071, until: 1_100 },
  ]);
  expect(
    silences(
      every.concat(
        every.map((at) => at + 40),
        1_080,
        1_085,
        1_090,
        1_095,
      ),
      1,
      5,
      window,
    ),
  ).toEqual([]);
  expect(silences([], 1, 5, window)).toEqual([window]);
});

test("a session is apart from its end until it is of use again; one that never is until the end", () => {
  const line = (event: "up" | "down", session: number, at: number): SessionLine =>
    event === "up"
      ? { event, session, at, from: "10.0.1.10" }
      : { event, session, at, reason: "reset", unanswered: 0 };
  const lines = [
    line("up", 0, 900),
    line("up", 1, 900),
    line("up", 2, 900),
    line("down", 0, 1_010),
    line("down", 1, 1_050),
    line("up", 0, 1_030),
  ];
  expect([...apart(lines, window)]).toEqual([
    [0, [{ from: 1_010, until: 1_030 }]],
    [1, [{ from: 1_050, until: 1_100 }]],
    [2, []],
  ]);
  expect(after(1_010, { from: 1_000, until: 1_030.4 })).toEqual({ from: -10, until: 20 });
});
