import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { emptyPlace } from "../../scripts/package/place.mjs";
import { versionOf } from "../../scripts/package/version.mjs";

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "holdfast-version-"));
  writeFileSync(join(checkout, "package.json"), '{ "version": "1.2.3" }');
});
afterEach(() => rmSync(checkout, { recursive: true }));

const git = (...args: string[]): string => {
  const who = ["-c", "user.name=anna", "-c", "user.email=anna@example.org"];
  return execFileSync("git", [...who, ...args], { cwd: checkout, encoding: "utf8" }).trim();
};

function commit(message: string): string {
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", message);
  return git("rev-parse", "--short=8", "HEAD");
}

const isOlder = (one: string, other: string): boolean => {
  try {
    execFileSync("dpkg", ["--compare-versions", one, "lt", other]);
    return true;
  } catch {
    return false;
  }
};

test("where packages are built one stands, and whatever else is there stays", () => {
  const build = join(checkout, "build");
  emptyPlace(build);
  for (const name of ["holdfast_1.2.2_amd64.deb", "holdfast_1.2.3~git.4.abc_arm64.deb", "notes.txt"])
    writeFileSync(join(build, name), "");
  emptyPlace(build);
  expect(readdirSync(build)).toEqual(["notes.txt"]);
});

test("what is no clone has the version of package.json", () => {
  expect(versionOf(checkout)).toBe("1.2.3");
});

test("each commit is newer than the one before, and older than the release that it leads to", () => {
  git("init", "--quiet");
  const versions = Array.from({ length: 11 }, (_, index) => {
    const made = commit(`${index}`);
    expect(versionOf(checkout)).toBe(`1.2.3~git.${index + 1}.${made}`);
    return versionOf(checkout);
  });
  for (const [index, version] of [...versions, "1.2.3"].slice(1).entries())
    expect(isOlder(versions[index] ?? "", version), version).toBe(true);
});

test("a tag of a release is its version, whatever else the commit is called", () => {
  git("init", "--quiet");
  commit("first");
  for (const tag of ["v1.2.3", "verified", "v1.2"]) git("tag", tag);
  expect(versionOf(checkout)).toBe("1.2.3");
});

test("what was not committed and goes into the package is said, and newer than the commit", () => {
  git("init", "--quiet");
  const made = commit("first");
  writeFileSync(join(checkout, "topology.yaml"), "");
  expect(versionOf(checkout)).toBe(`1.2.3~git.1.${made}`);
  mkdirSync(join(checkout, "src"));
  writeFileSync(join(checkout, "src/new.ts"), "");
  expect(versionOf(checkout)).toBe(`1.2.3~git.1.${made}+dirty`);
  expect(isOlder(`1.2.3~git.1.${made}`, versionOf(checkout))).toBe(true);
  rmSync(join(checkout, "src/new.ts"));
  git("tag", "v2.0.0");
  writeFileSync(join(checkout, "package.json"), '{ "version": "1.2.4" }');
  expect(versionOf(checkout)).toBe("2.0.0+dirty");
});
