import { expect, test } from "vitest";
import { BoundarySearch } from "../../../src/mirror/stream/boundary-search.js";

/** A header of the longest message, then the next four bytes later, and so on. */
const tempting = Buffer.alloc(2 ** 20, Buffer.from("040affff", "hex"));

test("what may begin a message at every fourth byte, in small pieces, is searched once and not over and over", () => {
  const search = new BoundarySearch(0);
  let given = 0;
  for (let at = 0; at < tempting.length; at += 16) {
    expect(search.add(tempting.subarray(at, at + 16))).toBeNull();
    given += search.trim();
  }
  // Where each piece had all the places before it looked at again, this took a minute.
  expect(search.held + given).toBe(tempting.length);
  expect(search.held).toBeLessThan(2 ** 18);
});

test("behind all that, the first place from which three headers lead on is the boundary", () => {
  const search = new BoundarySearch(0);
  const noise = tempting.subarray(0, 200_000);
  let given = 0;
  for (let at = 0; at < noise.length; at += 1_000) {
    expect(search.add(noise.subarray(at, at + 1_000))).toBeNull();
    given += search.trim();
  }
  const beats = Buffer.from("0402000800000001".repeat(3), "hex");
  const found = search.add(Buffer.concat([Buffer.alloc(65_536), beats]));
  expect(given + (found?.before ?? 0)).toBe(200_000 + 65_536);
  expect(found?.rest).toEqual(beats);
});
