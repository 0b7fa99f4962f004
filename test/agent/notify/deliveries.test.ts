import { beforeEach, expect, test } from "vitest";
import { Deliveries } from "../../../src/agent/notify/deliveries.js";
import type { Answer } from "../../../src/agent/notify/post.js";
import type { Notice, Weight } from "../../../src/notify/notice.js";

const notice = (text: string, weight: Weight = "warning", phase: Notice["phase"] = "begun"): Notice => ({
  ...{ key: `c/n/${text}`, phase, weight, cluster: "c", node: "n", at: "2026-11-24T03:00:00.000Z" },
  ...{ lasted: null, text, also: [], drill: null, events: [] },
});

let now: number;
let chores: { readonly due: number; readonly work: () => void }[];
let answers: Answer[];
let sent: string[];
let troubles: (string | null)[];

beforeEach(() => {
  [now, chores, answers, sent, troubles] = [0, [], [], [], []];
});

const deliveries = (atLeast: Weight = "warning") =>
  new Deliveries({
    ...{ name: "chat", atLeast, now: () => now, random: () => 0.5 },
    message: ({ text }, leftOut) => (leftOut === 0 ? text : `${text} (${leftOut} left out)`),
    post: async (body) => {
      sent.push(body);
      return answers.shift() ?? { kind: "taken" };
    },
    after(milliseconds, work) {
      const chore = { due: now + milliseconds, work };
      chores.push(chore);
      return () => {
        chores = chores.filter((each) => each !== chore);
      };
    },
    trouble: (why) => troubles.push(why),
  });

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Lets the clock run until nothing is to be done any more. @returns when work was done */
async function run(): Promise<number[]> {
  const times: number[] = [];
  for (await settled(); chores.length > 0; await settled()) {
    const [next] = chores.toSorted((a, b) => a.due - b.due);
    if (next === undefined) break;
    chores = chores.filter((chore) => chore !== next);
    now = next.due;
    times.push(now);
    next.work();
  }
  return times;
}

const away: Answer = { kind: "again", why: "ECONNREFUSED" };

test("notices arrive in order, and only those that matter enough", async () => {
  const to = deliveries();
  for (const each of [notice("a"), notice("b", "info"), notice("c", "critical")]) to.add(each);
  await run();
  expect(sent).toEqual(["a", "c"]);
  expect(to.counts).toEqual({ sent: 2, failed: 0, leftOut: 0 });
});

test("a receiver that is away is asked again, ever more rarely, and what waits keeps its order", async () => {
  answers = [away, away, away, away];
  const to = deliveries();
  to.add(notice("a"));
  to.add(notice("b"));
  expect(await run()).toEqual([1_000, 3_000, 7_000, 15_000]);
  expect(sent).toEqual(["a", "a", "a", "a", "a", "b"]);
  expect(troubles).toEqual(["ECONNREFUSED", null]);
});

test("after an hour a notice is given up, and the next is tried", async () => {
  answers = Array.from({ length: 70 }, () => away);
  const to = deliveries();
  to.add(notice("a"));
  await run();
  expect(to.counts).toMatchObject({ sent: 0, failed: 1 });
  expect(now).toBeGreaterThan(3_600_000);
  expect(to.waiting).toBe(0);
});

test("a refusal is not tried again, and is told once", async () => {
  answers = [
    { kind: "refused", why: "404" },
    { kind: "refused", why: "404" },
  ];
  const to = deliveries();
  for (const text of ["a", "b", "c"]) to.add(notice(text));
  await run();
  expect(sent).toEqual(["a", "b", "c"]);
  expect(troubles).toEqual(["404", null]);
});

test("what flaps is not all told, and the next that is says how much was left out; an end always is", async () => {
  const to = deliveries();
  for (let each = 1; each <= 15; each += 1) to.add(notice(`w${each}`));
  to.add(notice("over", "warning", "over"));
  to.add(notice("worse", "critical"));
  await run();
  expect(sent).toHaveLength(12);
  expect(sent.slice(-2)).toEqual(["over (5 left out)", "worse"]);
  now += 600_000;
  to.add(notice("later"));
  await run();
  expect(sent.at(-1)).toBe("later");
});

test("an end whose beginning was left out is none", async () => {
  const to = deliveries();
  for (let each = 1; each <= 11; each += 1) to.add(notice(`w${each}`));
  to.add(notice("w11", "warning", "over"));
  to.add(notice("w1", "warning", "over"));
  await run();
  expect(sent.slice(-2)).toEqual(["w10", "w1 (1 left out)"]);
});

test("what comes while a receiver is away waits for the next attempt", async () => {
  answers = [away];
  const to = deliveries();
  to.add(notice("a"));
  await settled();
  to.add(notice("b"));
  await settled();
  expect(sent).toEqual(["a"]);
  await run();
  expect(sent).toEqual(["a", "a", "b"]);
});

test("no more than a hundred wait", async () => {
  answers = Array.from({ length: 5 }, () => away);
  const to = deliveries("info");
  for (let each = 0; each < 150; each += 1) to.add(notice(`${each}`, "info", "over"));
  expect(to.waiting).toBe(100);
  await run();
  expect(sent.filter((each) => each.startsWith("0"))).toHaveLength(6);
  expect(sent).toHaveLength(105);
  expect(sent.at(-1)).toContain("149");
});
