import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { commandTree } from "../../src/cli/command-tree.js";
import { type Shell, scripts } from "../../src/cli/completion-scripts.js";
import { holdfastProgram } from "../../src/cli/program.js";

const directory = mkdtempSync(join(tmpdir(), "holdfast-completion-"));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (shell: Shell): string => join(directory, `holdfast.${shell}`);
for (const shell of ["bash", "zsh", "fish"] as const)
  writeFileSync(file(shell), scripts[shell](commandTree(holdfastProgram())));
writeFileSync(join(directory, "only.yaml"), "");

const seen = join(directory, "line");

/** How each shell is told to complete as it does by itself, and to write the line and end on Control-X. */
const interactive = {
  bash: {
    argv: "bash --norc --noprofile -i",
    setup: `source ${file("bash")}; bind -x '"\\C-x": printf %s "$READLINE_LINE" > ${seen}; kill -KILL $$'`,
  },
  zsh: {
    argv: "zsh -f -i",
    setup: `autoload -Uz compinit; compinit -u -D; source ${file("zsh")}; seen() { print -rn -- "$BUFFER" > ${seen}; kill -KILL $$ }; zle -N seen; bindkey '^X' seen`,
  },
};

/** The line at a prompt after these keys and Tab; the shell has a terminal of its own (script(1)). */
async function typed(shell: "bash" | "zsh", keys: string): Promise<string> {
  const { argv, setup } = interactive[shell];
  rmSync(seen, { force: true });
  await execa("script", ["--quiet", "--return", "--command", argv, "/dev/null"], {
    input: ` ${setup}\n${keys}\t\u0018`,
    env: { TERM: "dumb", INPUTRC: "/dev/null", HOME: directory, PS1: "" },
    timeout: 30_000,
    reject: false,
  });
  return readFileSync(seen, "utf8").trimEnd();
}

/** The one thing that fish offers for the last word of this line, put into its place. */
async function offered(keys: string): Promise<string> {
  const ask = 'source $argv[1]; complete --do-complete "$argv[2]"';
  const { stdout } = await execa("fish", ["--no-config", "--command", ask, file("fish"), keys], {
    env: { HOME: directory },
  });
  const [first = "", ...others] = stdout.split("\n").map((line) => line.split("\t")[0] ?? "");
  expect(others).toEqual([]);
  return keys.replace(/\S+$/, first);
}

describe.each(["bash", "zsh", "fish"] as const)("a real %s completes", (shell) => {
  it.each([
    ["a command", "holdfast eve", "holdfast events"],
    ["a command below another", "holdfast pki rot", "holdfast pki rotate"],
    ["an option", "holdfast events --fol", "holdfast events --follow"],
    ["an option's value", "holdfast render --engines ub", "holdfast render --engines ubuntu-24.04"],
    ["an argument", "holdfast maintenance of", "holdfast maintenance off"],
    ["a file", `holdfast plan --file ${directory}/on`, `holdfast plan --file ${directory}/only.yaml`],
  ])("%s", async (_, keys, line) => {
    expect(shell === "fish" ? await offered(keys) : await typed(shell, keys)).toBe(line);
  });
});
