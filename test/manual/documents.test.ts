import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { metricsText } from "../../src/agent/metrics/metrics.js";
import { eventKinds } from "../../src/api/event.js";
import { commandTree } from "../../src/cli/command-tree.js";
import { holdfastProgram } from "../../src/cli/program.js";
import { specimen } from "../../src/manual/reference/metrics-specimen.js";
import { rules } from "../monitoring/files.js";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const pages = [
  "README.md",
  "ansible/README.md",
  ...readdirSync(new URL("docs/", root))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const pastable = [
  "README.md",
  "ansible/README.md",
  "vagrant/README.md",
  "docs/first-pair.md",
  "docs/operating.md",
  "docs/monitoring.md",
];
const tree = new Map(commandTree(holdfastProgram()).map((node) => [node.path, node]));

/** What a page has to be pasted into a shell. */
const blocksOn = (page: string): string[] =>
  [...read(page).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);

/** A line ends where no backslash says that it goes on; a comment is no part of it. */
const linesOf = (block: string): string[] =>
  block
    .replaceAll("\\\n", " ")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/\s#/)[0] ?? "");

/** Every call of holdfast on these lines, as its words; each part of a line is a command of its own. */
const callsIn = (lines: readonly string[]): string[][] =>
  lines.flatMap((line) =>
    line
      .split(/;|&&|\|\|?|'|[()]/)
      .map((part) => part.trim().split(/\s+/))
      .flatMap((words) => (words[0] === "sudo" ? [words.slice(1)] : [words]))
      .filter(([program, next]) => program === "holdfast" && next !== undefined),
  );

const callsOn = (page: string): string[][] => blocksOn(page).flatMap((block) => callsIn(linesOf(block)));

/** A question would take the next line that was pasted for its answer. */
const asks = ([, command = "", ...rest]: readonly string[]): boolean =>
  ["apply", "rollback", "remove"].includes(command) && !rest.some((word) => ["-y", "--yes"].includes(word));

/** The words that are no command, or no option of theirs. */
function unknownIn(words: readonly string[]): string[] {
  let path = "holdfast";
  let rest = words.slice(1);
  while (tree.has(`${path} ${rest[0]}`)) {
    path = `${path} ${rest[0]}`;
    rest = rest.slice(1);
  }
  const node = tree.get(path);
  if (node === undefined || path === "holdfast") return [words.slice(0, 2).join(" ")];
  if (node.words.length > 0) return [`${path} ${rest[0]}`];
  const flags = rest.filter((word) => word.startsWith("-") && word !== "-" && word !== "--");
  const end = rest.indexOf("--");
  const own = flags.filter((flag) => end < 0 || rest.indexOf(flag) < end);
  return own
    .filter((flag) => !node.options.some((option) => option.flag === flag))
    .map((flag) => `${path} ${flag}`);
}

/** Why a block cannot be pasted as it stands. */
function obstaclesIn(block: string): string[] {
  const lines = linesOf(block);
  const { status, stderr } = spawnSync("bash", ["-n"], { input: block, encoding: "utf8" });
  return [
    ...(status === 0 ? [] : [stderr]),
    ...lines.filter((line) => /^[$#>] |\.\.\.|…|<[a-z-]+>/.test(line)),
    ...callsIn(lines.slice(0, -1))
      .filter(asks)
      .map((words) => `asks: ${words.join(" ")}`),
  ];
}

for (const page of pastable)
  test(`what ${page} has for a shell can be pasted as it stands`, () => {
    expect(read(page)).not.toContain("```console");
    expect(blocksOn(page).flatMap(obstaclesIn)).toEqual([]);
    expect(blocksOn(page).length).toBeGreaterThan(0);
  });

test("what cannot be pasted would be noticed", () => {
  expect(obstaclesIn("$ holdfast plan\n")).not.toEqual([]);
  expect(obstaclesIn("holdfast apply -m ...\n")).not.toEqual([]);
  expect(obstaclesIn("for node in lb-a; do\n")).not.toEqual([]);
  expect(obstaclesIn("holdfast apply\nholdfast confirm\n")).toEqual(["asks: holdfast apply"]);
  expect(obstaclesIn("holdfast apply --yes\nholdfast confirm # now\nholdfast apply\n")).toEqual([]);
});

for (const page of pages.filter((page) => callsOn(page).length > 0))
  test(`${page} calls commands and options that exist`, () => {
    expect(callsOn(page).flatMap(unknownIn)).toEqual([]);
  });

test("alerts call commands and options that exist", () => {
  const calls = rules.flatMap(({ annotations }) => callsIn([annotations.description]));
  expect(calls.flatMap(unknownIn)).toEqual([]);
  expect(calls.length).toBeGreaterThan(rules.length);
});

test("a command or an option that does not exist would be noticed", () => {
  expect(unknownIn(["holdfast", "aply"])).toEqual(["holdfast aply"]);
  expect(unknownIn(["holdfast", "pki", "renew", "lb-a"])).toEqual(["holdfast pki renew"]);
  expect(unknownIn(["holdfast", "apply", "--withuot", "lb-b"])).toEqual(["holdfast apply --withuot"]);
});

test("metrics that the documents name are in a scrape", async () => {
  const names = new Set(
    [...(await metricsText(specimen)).matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name),
  );
  const variables = ["drill.yml", "remove.yml", "site.yml", "roles/holdfast/meta/argument_specs.yml"].map(
    (file) => read(`ansible/${file}`),
  );
  const isVariable = (name: string): boolean => variables.some((text) => text.includes(name));
  const named = new Set(
    [...pages, "monitoring/alerts.yaml"].flatMap(
      (page) => read(page).match(/\bholdfast_[a-z_]*[a-z]/g) ?? [],
    ),
  );
  const metrics = [...named].filter((name) => !isVariable(name));
  expect(metrics.filter((name) => !names.has(name))).toEqual([]);
  expect(metrics.length).toBeGreaterThan(10);
});

test("kinds of events that the documents ask for exist", () => {
  const asked = [...pages, "monitoring/alerts.yaml"].flatMap((page) =>
    [...read(page).matchAll(/--kind ([a-z-]+)/g)].map(([, kind]) => kind),
  );
  expect(asked.filter((kind) => !eventKinds.some((known) => known === kind))).toEqual([]);
});

test("links from one document to another lead somewhere", () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].flatMap(([, target = ""]) => {
      try {
        readdirSync(new URL(target, new URL(page, root)));
        return [];
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "ENOTDIR" ? [] : [`${page}: ${target}`];
      }
    }),
  );
  expect(broken).toEqual([]);
});
