import { expect, test } from "vitest";
import { loadTopology } from "../../src/topology/load.js";
import { edited, sentence, shown } from "./examples.js";

const first = (text: string): string | undefined => {
  const problem = loadTopology(text).problems[0];
  return problem && sentence(problem);
};

test.each([
  ["a key that stands twice", "cluster: a\ncluster: b\n", '2:1 : key "cluster" stands twice in one map'],
  ["an alias", "cluster: &name a\nnodes: *name\n", "2:8 : aliases are not supported; write the value out"],
  [
    "a second document",
    "cluster: a\n---\ncluster: b\n",
    "2:1 : one file holds one topology; remove the second document",
  ],
  [
    "a tag",
    "cluster: !!js/function 'x'\n",
    '1:24 : tags are not supported; remove "tag:yaml.org,2002:js/function"',
  ],
  [
    "a tag that YAML knows",
    "cluster: !!str x\n",
    '1:16 : tags are not supported; remove "tag:yaml.org,2002:str"',
  ],
  ["a tab", "cluster:\n\tname: x\n", "2:1 : tabs are not allowed as indentation"],
  ["a number as a key", "1: a\n", '1:1 : a key is a word; put "1" in quotes'],
  ["a list as a key", "? [a]\n: b\n", "1:3 : a key is a plain word"],
  [
    "the key of JavaScript's prototypes",
    "cluster: a\n__proto__: { nodes: [] }\n",
    "2:1 : `__proto__` is not a key",
  ],
  [
    "an older YAML",
    "%YAML 1.1\n---\ncluster: a\n",
    "1:1 : only YAML 1.2 is read; remove the %YAML directive",
  ],
  ["nothing", "# only a comment\n", "1:1 : the file is empty; `holdfast init` writes a first topology"],
  ["a sentence", "hello\n", '1:1 : must be a map of keys, not "hello"'],
])("%s is refused at its place", (_, text, problem) => {
  expect(first(text)).toBe(problem);
});

test("an alias bomb is refused before it grows", () => {
  const bomb = `a: &a [x, x]\n${[..."bcdefghijklmnopqrstuvwxyz"].map((name, index) => `${name}: &${name} [*${"abcdefghijklmnopqrstuvwxyz"[index]}, *${"abcdefghijklmnopqrstuvwxyz"[index]}]`).join("\n")}`;
  expect(first(bomb)).toBe("2:8 : aliases are not supported; write the value out");
});

test.each([
  ["brackets", "[".repeat(50_000)],
  ["lists", "- ".repeat(50_000)],
  ["maps", `${"{a: ".repeat(50_000)}1${"}".repeat(50_000)}`],
])("%s nested deeper than the stack are refused", (_, text) => {
  expect(first(text)).toMatch(/nested too deeply$/);
});

test("a file of more than 4 MiB is not read", () => {
  expect(first(`cluster: ${"a".repeat(4 * 1024 * 1024)}`)).toBe("1:1 : the file is larger than 4 MiB");
});

test("yes, no and on are plain words, as YAML 1.2 has it", () => {
  expect(shown(edited("pair", ["cluster: campus", "cluster: no"]))).toEqual([]);
  expect(shown(edited("pair", ["preempt: false", "preempt: no"]))).toEqual([
    '25:12 failover.preempt: must be true or false, not "no"',
  ]);
});

test("a name that every JavaScript object has is a name like any other", () => {
  const text = edited(
    "pair",
    ["  management:  { cidr", "  constructor: { cidr"],
    [
      "      management:  { device: eth3, address: 10.0.9.2 }",
      "      constructor: { device: eth3, address: 10.0.9.2 }",
    ],
    [
      "      management:  { device: eth3, address: 10.0.9.3 }",
      "      constructor: { device: eth3, address: 10.0.9.3 }",
    ],
  );
  expect(shown(text)).toEqual([]);
});
