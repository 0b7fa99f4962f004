import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { AnswersWatch } from "../../../src/agent/answers/answers-watch.js";
import { endpointsOf } from "../../../src/agent/answers/endpoints.js";
import { knock } from "../../../src/agent/answers/knock.js";
import { Chores } from "../../../src/agent/chores.js";
import { exampleCluster } from "../../render/examples.js";

/** Nothing here has the pair's virtual IP: whoever knocks at it is refused by the kernel, at once. */
const endpoints = endpointsOf(exampleCluster("pair"));
let serving = true;
let watch: AnswersWatch | null = null;

afterEach(() => watch?.stop());

const silent = () => (watch?.silent(performance.now()) ?? []).map(({ network }) => network);

test("a first silence just before a node leaves is forgotten: it takes two in a row when it serves again", async () => {
  const listener = { serves: () => serving, changed: () => undefined };
  watch = new AnswersWatch(endpoints, knock, listener, new Chores());
  watch.soon();
  await sleep(100);
  serving = false;
  await sleep(400);
  serving = true;
  watch.soon();
  await sleep(100);
  expect(silent()).toEqual([]);
  await expect.poll(silent, { timeout: 2_000 }).toEqual(["switches"]);
});

test("a node is held to its silence when it no longer serves, until its HAProxy is a new one", async () => {
  serving = true;
  const listener = { serves: () => serving, changed: () => undefined };
  watch = new AnswersWatch(endpoints, knock, listener, new Chores());
  watch.soon();
  await expect.poll(silent, { timeout: 2_000 }).toEqual(["switches"]);
  serving = false;
  await sleep(400);
  expect(silent()).toEqual(["switches"]);
  watch.forget();
  expect(silent()).toEqual([]);
});
