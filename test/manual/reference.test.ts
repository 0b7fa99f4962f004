import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { exit } from "../../src/cli/context.js";
import { holdfastProgram } from "../../src/cli/program.js";
import { starterTopology } from "../../src/cli/starter.js";
import { exitCodes } from "../../src/manual/reference/exit-codes.js";
import { referencePages } from "../../src/manual/reference/reference.js";
import { keysAt } from "../../src/manual/reference/topology-reference.js";
import { topologyJsonSchema } from "../../src/topology/schema.js";

const directory = new URL("../../docs/reference/", import.meta.url);
const cure = "run 'npm run reference' and commit what it writes";
const pages = await referencePages(holdfastProgram(), starterTopology);

test("docs/reference/ has the pages that the program makes now, and no others", async () => {
  expect((await readdir(directory)).sort(), cure).toEqual(pages.map(({ file }) => file).sort());
});

for (const { file, body } of pages)
  test(`docs/reference/${file} says what the program says now`, async () => {
    expect(await readFile(new URL(file, directory), "utf8"), cure).toBe(body);
  });

test("every key of the topology says what it is, and is required or says what it is without", () => {
  const keys = keysAt("topology", topologyJsonSchema(), true).filter(({ type }) => type !== "map");
  const silent = keys.filter(({ description, unset }) => description === "" || unset === "");
  // One of the two keys of translate_to has to be there.
  const known = /translate_to\.|\.mirror$/;
  expect(silent.map(({ path }) => path).filter((path) => !known.test(path))).toEqual([]);
  expect(keys.length).toBeGreaterThan(50);
});

test("the exit codes that are described are those that commands return", () => {
  expect(exitCodes.map(({ code }) => code)).toEqual(Object.values(exit));
});
