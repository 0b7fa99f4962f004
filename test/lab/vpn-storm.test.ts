import { afterAll, beforeAll, expect, test } from "vitest";
import { storm } from "../../bench/vpn-storm.js";
import { StormStage } from "../../bench/vpn-storm-stage.js";
import { ensureBuilt } from "./topology.js";

const seed = Number(process.env.HOLDFAST_SEED ?? 1);
const size = { servers: 3, fixed: 3, others: 3 };
const steps = 20;

let stage: StormStage;
beforeAll(async () => {
  ensureBuilt();
  stage = await StormStage.open("lab-vpn-storm", size);
});
afterAll(async () => void (await stage?.[Symbol.asyncDispose]()));

test("after each of twenty random faults everybody reaches exactly whom they should, and no route is left over", async () => {
  const told: string[] = [];
  const progress = (text: string) => void told.push(text);
  const all = await storm(stage, { runs: steps, seed, progress, signal: new AbortController().signal });
  expect(
    all.filter(({ after }) => after === null),
    told.join("\n"),
  ).toEqual([]);
  expect(all).toHaveLength(steps);
}, 600_000);
