import { expect, test } from "vitest";
import { complaint, type Weather, wildStream } from "./wild-stream.js";

const streams = 3_000;

test.each<[string, Weather]>([
  [
    "in any order and more than once comes out as it was sent",
    { losses: false, late: false, hostile: false },
  ],
  [
    "with holes comes out in whole messages, and every byte is accounted for",
    { losses: true, late: false, hostile: false },
  ],
  ["seen from its midst on comes out in whole messages", { losses: false, late: true, hostile: false }],
  ["seen from its midst on, with holes, too", { losses: true, late: true, hostile: false }],
  [
    "of anything at all ends nothing, keeps little, and every byte is accounted for",
    { losses: true, late: true, hostile: true },
  ],
])("a stream %s", (_, weather) => {
  const wrong: string[] = [];
  for (let seed = 1; seed <= streams; seed += 1) {
    const why = complaint(wildStream(seed, weather), weather);
    if (why !== "") wrong.push(`${seed}: ${why}`);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
});
