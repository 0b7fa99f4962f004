import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { sharedViews } from "../../../src/agent/daemon/shared-views.js";
import type { Views } from "../../../src/agent/daemon/views.js";

/** Views of which each `metrics` is looked at by hand. */
function looked(metrics: () => Promise<string>): Views {
  const never = () => Promise.reject(new Error("nobody asks for it"));
  const readiness = () => ({ ready: true, why: "" });
  return sharedViews({ readiness, state: () => ({}), drift: () => [], node: never, status: never, metrics });
}

test("a hundred who ask at once are answered by one look, and whoever asks a second later by another", async () => {
  let looks = 0;
  const views = looked(async () => {
    await sleep(20);
    return `look ${++looks}`;
  });
  const answers = await Promise.all(Array.from({ length: 100 }, () => views.metrics()));
  expect(new Set(answers)).toEqual(new Set(["look 1"]));
  expect(await views.metrics()).toBe("look 1");
  await sleep(600);
  expect(await views.metrics()).toBe("look 2");
});

test("a look that takes long is joined, not doubled", async () => {
  let looks = 0;
  const views = looked(async () => {
    await sleep(800);
    return `look ${++looks}`;
  });
  const first = views.metrics();
  await sleep(700);
  expect(await views.metrics()).toBe("look 1");
  expect(await first).toBe("look 1");
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
