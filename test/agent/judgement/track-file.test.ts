import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeTrackFile } from "../../../src/agent/judgement/track-file.js";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync("/tmp/holdfast-track-");
  path = join(directory, "fault");
});
afterEach(() => rmSync(directory, { recursive: true }));

test("the track file is made where there is none", () => {
  writeTrackFile(path, true);
  expect(readFileSync(path, "utf8")).toBe("1\n");
});

test("the track file is written in place, as keepalived watches it", () => {
  writeFileSync(path, "0\n");
  const { ino } = statSync(path);
  writeTrackFile(path, true);
  expect(readFileSync(path, "utf8")).toBe("1\n");
  expect(statSync(path).ino).toBe(ino);
});
