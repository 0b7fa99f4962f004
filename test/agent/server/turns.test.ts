import { expect, test } from "vitest";
import { Turns } from "../../../src/agent/server/turns.js";

const bounds = { atOnce: 1, inLine: 2 };
const stays = () => new AbortController().signal;

test("turns come in the order of the line, and a full line takes nobody", async () => {
  const turns = new Turns();
  const order: string[] = [];
  const first = await turns.take("a", bounds, stays());
  const [second, third] = ["second", "third"].map((name) =>
    turns.take("a", bounds, stays())?.then((end) => {
      order.push(name);
      return end;
    }),
  );
  expect(turns.take("a", bounds, stays())).toBeNull();
  expect(turns.take("b", bounds, stays()), "another line").not.toBeNull();
  expect(order).toEqual([]);
  first?.();
  (await second)?.();
  await third;
  expect(order).toEqual(["second", "third"]);
});

test("whoever leaves the line costs nobody a turn", async () => {
  const turns = new Turns();
  const first = await turns.take("a", bounds, stays());
  const gone = new AbortController();
  const left = turns.take("a", bounds, gone.signal);
  const next = turns.take("a", bounds, stays());
  gone.abort();
  (await left)?.();
  first?.();
  (await next)?.();
  expect(turns, "nothing is kept of a line without anybody").toHaveProperty("lines.size", 0);
});
