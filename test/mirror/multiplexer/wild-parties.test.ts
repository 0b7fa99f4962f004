import { expect, test } from "vitest";
import { WildParties } from "./wild-parties.js";

test("every answer finds whoever asked, under his own number, once; what the switch tells unasked reaches both", () => {
  const wrong: string[] = [];
  for (let seed = 1; seed <= 3_000; seed += 1) {
    const why = new WildParties(seed).run();
    if (why !== "") wrong.push(why);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
}, 60_000);
