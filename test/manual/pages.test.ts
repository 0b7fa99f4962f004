import { Command } from "commander";
import { expect, test } from "vitest";
import { registerCommands } from "../../src/cli/commands.js";
import { starterTopology } from "../../src/cli/starter.js";
import { commandPage } from "../../src/manual/command-page.js";
import { commandWords } from "../../src/manual/command-words.js";
import { manualPages } from "../../src/manual/pages.js";
import { exitCodes } from "../../src/manual/reference/exit-codes.js";
import { roff } from "../../src/manual/roff.js";
import type { JsonSchema } from "../../src/topology/json-schema.js";
import { topologyJsonSchema } from "../../src/topology/schema.js";

const edition = { version: "1.2.3", date: "2026-11-29" };

function everything() {
  const program = new Command("holdfast").description("One YAML topology in.").option("--debug", "stacks");
  registerCommands(program);
  return { program, pages: manualPages(program, starterTopology, edition) };
}

/** As man(7) shows it: macros and escapes gone. */
const shown = (page: string): string =>
  page
    .replace(/^\.(TP|PP|nf|fi|RS|RE|nh|ad l)$/gm, "")
    .replace(/^\.(B|SH|TH|BR) /gm, "")
    .replaceAll("\\(dq", '"')
    .replaceAll("\\-", "-")
    .replaceAll("\\&", "")
    .replaceAll("\\e", "\\");

test("every command has a page, under its words joined by hyphens", () => {
  const files = everything().pages.map(({ file }) => file);
  expect(files).toContain("holdfast.1");
  expect(files).toContain("holdfast-drill-run.1");
  expect(files).toContain("holdfast-topology.5");
  expect(new Set(files).size).toBe(files.length);
});

test("a page says whatever --help says, of options and below them", () => {
  const { program, pages } = everything();
  const words = commandWords(program);
  expect(words.length).toBe(pages.length - 1);
  for (const { path, options, after } of words) {
    const page = shown(pages.find(({ file }) => file === `${path.replaceAll(" ", "-")}.1`)?.body ?? "");
    for (const { name, description } of options) expect(page).toContain(`"${name}"\n${description}`);
    for (const line of after.split("\n").filter((one) => !/^(Examples?:|)$/.test(one)))
      expect(page).toContain(line.trim());
  }
});

test("the program's own page says what every exit code means, and which variables of the environment are read", () => {
  const pages = everything().pages.map(({ file, body }) => ({ file, page: shown(body) }));
  const own = pages.find(({ file }) => file === "holdfast.1")?.page ?? "";
  for (const { code } of exitCodes) expect(own).toContain(`"${code}"\nOf `);
  const named = new Set(pages.flatMap(({ page }) => page.match(/HOLDFAST_[A-Z]+/g) ?? []));
  expect(named.size).toBeGreaterThan(2);
  for (const name of named) expect(own).toContain(`"${name}"\n`);
  expect(pages.filter(({ page }) => page.includes("EXIT STATUS")).length).toBe(1);
});

test("the topology's page has every key of the schema, with the schema's own words", () => {
  const body = everything().pages.find(({ file }) => file === "holdfast-topology.5")?.body ?? "";
  const page = shown(body);
  const check = ({ properties = {}, items, anyOf = [], additionalProperties }: JsonSchema): number =>
    Object.entries(properties).reduce((count, [key, value]) => {
      expect(page).toContain(`"${key}"\n${value.description ?? ""}`);
      return count + 1 + check(value);
    }, 0) +
    [items, typeof additionalProperties === "object" ? additionalProperties : undefined, ...anyOf]
      .filter((inner) => inner !== undefined)
      .reduce((count, inner) => count + check(inner), 0);
  expect(check(topologyJsonSchema())).toBeGreaterThan(50);
});

test("text is text: no line of it is a macro, no backslash an escape", () => {
  expect(roff(".so /etc/passwd\n'br\na\\fBb -x")).toBe("\\&.so /etc/passwd\n\\&'br\na\\efBb \\-x");
  const program = new Command("tool").description('says "no"');
  program.option("--a", '.B "x');
  const [words] = commandWords(program);
  const page = words === undefined ? "" : commandPage(words, edition);
  expect(page).toContain('.TP\n.B "\\-\\-a"\n\\&.B "x');
});

test("the same program on the same day has the same pages", () => {
  expect(everything().pages).toEqual(everything().pages);
});
