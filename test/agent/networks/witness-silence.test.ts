import { expect, test } from "vitest";
import type { WitnessSight } from "../../../src/agent/networks/witness-sight.js";
import { WitnessSilence } from "../../../src/agent/networks/witness-silence.js";

const [first, second] = ["10.0.1.1", "10.0.9.1"];

function silence(told: readonly string[] = []) {
  const said: string[] = [];
  const say = (lost: readonly string[], back: readonly string[]) =>
    said.push(...lost.map((address) => `- ${address}`), ...back.map((address) => `+ ${address}`));
  const watch = new WitnessSilence(say, told);
  const look = (now: number, sights: Readonly<Record<string, WitnessSight["sight"]>>) =>
    watch.look(
      Object.entries(sights).map(([address, sight]) => ({ address, network: "switches", sight })),
      now,
    );
  return { watch, said, look };
}

test("a witness that does not answer for three seconds is told of once, and again when it answers", () => {
  const { watch, said, look } = silence();
  for (let now = 0; now <= 9_000; now += 500) look(now, { [first]: "answers", [second]: "silent" });
  expect([said, watch.told]).toEqual([[`- ${second}`], [second]]);
  look(9_500, { [first]: "answers", [second]: "answers" });
  expect([said, watch.told]).toEqual([[`- ${second}`, `+ ${second}`], []]);
});

test("one that answers now and then is not", () => {
  const { said, look } = silence();
  for (let now = 0; now <= 20_000; now += 500)
    look(now, { [first]: now % 2_500 === 0 ? "answers" : "silent" });
  expect(said).toEqual([]);
});

test("nobody asking changes nothing", () => {
  const { said, look } = silence([first]);
  look(0, { [first]: "unasked", [second]: "unasked" });
  look(60_000, { [first]: "unasked", [second]: "unasked" });
  expect(said).toEqual([]);
});

test("what the agent before told is not told again, and its end is", () => {
  const { said, look } = silence([first]);
  look(0, { [first]: "silent" });
  expect(said).toEqual([]);
  look(100, { [first]: "answers" });
  expect(said).toEqual([`+ ${first}`]);
});
