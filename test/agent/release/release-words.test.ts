import { expect, test } from "vitest";
import { releaseWords } from "../../../src/agent/release/release-words.js";

const nobody = { found: 0, released: 0 };

test("one that was released is one, and nothing is said of what did not happen", () => {
  expect(releaseWords({ found: 1, released: 1, servers: nobody, milliseconds: 30, beyond: 0 })).toBe(
    "1 session of the node before was released, all told within 30 ms",
  );
});

test("whoever did not answer, the servers that held on too, and those that were too many are told of", () => {
  const servers = { found: 3, released: 2 };
  expect(releaseWords({ found: 5, released: 3, servers, milliseconds: 30, beyond: 7 })).toBe(
    "3 sessions of the node before were released, all told within 30 ms; 2 of 3 by their servers too; the holders of 2 did not answer; 7 more were left: too many at once",
  );
});
