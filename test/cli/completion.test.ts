import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Argument, Command, Option } from "commander";
import { afterAll, expect, test } from "vitest";
import { commandTree } from "../../src/cli/command-tree.js";
import { type Shell, scripts } from "../../src/cli/completion-scripts.js";

const program = new Command("holdfast").option("--debug", "show stacks");
program.command("validate").description("check the topology").option("-f, --file <file>", "topology file");
const drill = program.command("drill").description("faults that are measured");
drill.command("run").description("run drills").option("--all", "every drill");
drill
  .command("turn")
  .addArgument(new Argument("<state>").choices(["on", "off"]))
  .addOption(new Option("--kind <kind>").choices(["role", "drift"]))
  .option("--to <node>", "a node");
drill.command("list").description("the operator's list");

const script = (shell: Shell): string => scripts[shell](commandTree(program));

const directory = mkdtempSync(join(tmpdir(), "holdfast-completion-"));
writeFileSync(join(directory, "holdfast.bash"), script("bash"));
afterAll(() => rmSync(directory, { recursive: true }));

/** What a real bash offers after these words. */
const offered = (...words: string[]): string[] =>
  execFileSync(
    "bash",
    [
      "-c",
      `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _holdfast; printf "%s\\n" "\${COMPREPLY[@]}"`,
      join(directory, "holdfast.bash"),
      ...words,
    ],
    { encoding: "utf8" },
  )
    .split("\n")
    .filter((word) => word !== "");

test("bash offers commands, then the commands below them, then options", () => {
  expect(offered("holdfast", "")).toEqual(["validate", "drill", "--debug", "-h", "--help"]);
  expect(offered("holdfast", "v")).toEqual(["validate"]);
  expect(offered("holdfast", "drill", "")).toEqual(["run", "turn", "list", "-h", "--help"]);
  expect(offered("holdfast", "drill", "run", "--")).toEqual(["--all", "--help"]);
});

test("bash offers files after an option that names one", () => {
  expect(offered("holdfast", "validate", "-f", `${directory}/hold`)).toEqual([`${directory}/holdfast.bash`]);
});

test("bash offers the words among which an argument or an option's value is, and no guess at any other", () => {
  expect(offered("holdfast", "drill", "turn", "o")).toEqual(["on", "off"]);
  expect(offered("holdfast", "drill", "turn", "on", "o")).toEqual([]);
  expect(offered("holdfast", "drill", "turn", "on", "--kind", "")).toEqual(["role", "drift"]);
  expect(offered("holdfast", "drill", "turn", "--to", "")).toEqual([]);
  expect(offered("holdfast", "drill", "turn", "--to", "x", "--k")).toEqual(["--kind"]);
});

test("zsh follows the same tree", () => {
  expect(script("zsh")).toContain('"holdfast drill run") at="$next" ;;');
  expect(script("zsh")).toContain('"holdfast drill") words_here="run turn list -h --help" ;;');
});

test("fish gets descriptions, quoted", () => {
  expect(script("fish")).toContain(
    "complete -c holdfast -f -n '__holdfast_at holdfast drill' -a list -d 'the operator\\'s list'",
  );
});
