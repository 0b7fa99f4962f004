import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { sharedViews } from "../../../src/agent/daemon/shared-views.js";
import type { Views } from "../../../src/agent/daemon/views.js";

/** Views of which each `metrics` is looked at by hand. */
function looked(metrics: () => Promise<string>): Views {
  const never = () => Promise.reject(new Error("nobody asks for it"));
  const readiness = () => ({ ready: true, why: "" });
  return sharedViews({ readiness, state: never, drift: () => [], node: never, status: never, metrics });
}

test("a hundred who ask at once are answered by one look, and who asks afterwards by another", async () => {
  let looks = 0;
  const views = looked(async () => {
    await sleep(20);
    return `look ${++looks}`;
  });
  const answers = await Promise.all(Array.from({ length: 100 }, () => views.metrics()));
  expect(new Set(answers)).toEqual(new Set(["look 1"]));
  expect(await views.metrics()).toBe("look 2");
});

test("nobody is told what was seen before he asked: all who ask during a look share the next one", async () => {
  let [looks, underWay, most, role] = [0, 0, 0, "active"];
  const views = looked(async () => {
    looks++;
    most = Math.max(most, ++underWay);
    const seen = role;
    await sleep(300);
    underWay--;
    return seen;
  });
  const first = views.metrics();
  await sleep(100);
  role = "standby";
  const later = Promise.all(Array.from({ length: 50 }, () => views.metrics()));
  expect(await first).toBe("active");
  expect(new Set(await later)).toEqual(new Set(["standby"]));
  expect({ looks, most }).toEqual({ looks: 2, most: 1 });
});

test("whoever asks without end has no more than four looks a second", async () => {
  let looks = 0;
  const views = looked(async () => `look ${++looks}`);
  for (const until = performance.now() + 1_000; performance.now() < until; ) await views.metrics();
  expect(looks).toBeLessThanOrEqual(6);
});

test("a failure is told to those who waited for it, and not remembered", async () => {
  let looks = 0;
  const views = looked(async () => {
    if (++looks === 1) throw new Error("this node has no topology yet");
    return `look ${looks}`;
  });
  const both = await Promise.allSettled([views.metrics(), views.metrics()]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await views.metrics()).toBe("look 2");
});
