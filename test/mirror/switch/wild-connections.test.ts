import { expect, test } from "vitest";
import { complaintAbout } from "./wild-connection.js";

const connections = 4_000;

test("connections as tcpdump writes them, however they went, come out in whole messages at their places", () => {
  const wrong: string[] = [];
  for (let seed = 1; seed <= connections; seed += 1) {
    const why = complaintAbout(seed);
    if (why !== "") wrong.push(`${seed}: ${why}`);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
}, 60_000);
