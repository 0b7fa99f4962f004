import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { someAtOnce } from "../../src/observe/some-at-once.js";

test("answers in order, with no more than 64 under way", async () => {
  let [underWay, most] = [0, 0];
  const all = Array.from({ length: 200 }, (_, index) => index);
  const answers = await someAtOnce(all, async (each) => {
    most = Math.max(most, ++underWay);
    await sleep(each % 3);
    underWay -= 1;
    return each * 2;
  });
  expect(answers).toEqual(all.map((each) => each * 2));
  expect(most).toBe(64);
});
