import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { registerPki } from "../../src/cli/pki.js";
import { authorityLine, listText } from "../../src/cli/pki-list-text.js";
import type { LedgerEntry } from "../../src/pki/ledger.js";
import { examplePath, type Ran, run } from "./run.js";

/** `holdfast pki ...` for the example pair, whose cluster is campus. */
async function operator(): Promise<{ directory: string; pki: (...argv: string[]) => Promise<Ran> }> {
  const home = await mkdtemp(join(tmpdir(), "holdfast-cli-pki-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const directory = join(home, "campus");
  const pki = (...argv: string[]) =>
    run(registerPki, "pki", ...argv, "-f", examplePath("pair"), "--pki", directory);
  return { directory, pki };
}

test("an authority, a node, an operator and a viewer take one command each, and the list shows them", async () => {
  const { directory, pki } = await operator();
  expect((await pki("init")).stdout).toContain(`The authority of campus is made in ${directory}/ca`);
  expect((await pki("issue", "lb-a")).stdout).toMatch(
    /^lb-a is a node of campus until \d{4}-\d\d-\d\d: .*\/lb-a\n/,
  );
  expect((await pki("issue", "anna")).stdout).toContain("anna is an operator of campus");
  await pki("issue", "wall", "--role", "viewer", "--days", "20");
  const { stdout } = await pki("list");
  expect(stdout.replace(/[0-9A-F]{32}/g, "SERIAL").replace(/\d{4}-\d\d-\d\d/, "DAY")).toBe(
    `authority of campus  expires DAY
anna  operator  SERIAL  expires in 364 days
lb-a  node      SERIAL  expires in 364 days
wall  viewer    SERIAL  expires in 19 days
`,
  );
  const { certificates, schema } = JSON.parse((await pki("list", "--json")).stdout);
  expect(schema).toBe("holdfast/pki-list/v1");
  expect(certificates[2]).toMatchObject({ name: "wall", role: "viewer", days_left: 19, revoked: null });
});

test("a bundle can be written elsewhere", async () => {
  const { directory, pki } = await operator();
  await pki("init");
  const out = join(directory, "..", "stick");
  const { stdout } = await pki("issue", "anna", "--out", out, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ schema: "holdfast/pki-issue/v1", name: "anna", directory: out });
  expect((await stat(join(out, "identity.key"))).mode & 0o777).toBe(0o600);
});

test("a revoked name is on the list with its date, and in what the nodes are to be told", async () => {
  const { directory, pki } = await operator();
  await pki("init");
  await pki("issue", "anna");
  const { stdout } = await pki("revoke", "anna");
  expect(stdout).toMatch(
    /^anna: [0-9A-F]{32} is revoked\.\nThe nodes learn of it from 'holdfast pki publish'/,
  );
  expect((await pki("list")).stdout).toMatch(/ {2}revoked \d{4}-\d\d-\d\d\n$/);
  expect(await readFile(join(directory, "anna/crl.pem"), "utf8")).toBe(
    await readFile(join(directory, "ca/crl.pem"), "utf8"),
  );
});

test("names and roles follow the topology", async () => {
  const { pki } = await operator();
  await pki("init");
  const refused = async (...argv: string[]) => (await pki("issue", ...argv)).stderr;
  expect(await refused("lb-a", "--role", "operator")).toContain("lb-a is a node of campus");
  expect(await refused("lb-c", "--role", "node")).toContain(
    "campus has no node lb-c; its nodes are lb-a, lb-b",
  );
  expect(await refused("../anna")).toContain("is no name");
  await expect(pki("issue", "ca")).rejects.toThrow("ca is the authority's own name");
});

test("a name that looks like a node's is no operator unless that is said", async () => {
  const { pki } = await operator();
  await pki("init");
  expect((await pki("issue", "lb-z")).stderr).toContain(
    "campus has no node lb-z; its nodes are lb-a, lb-b. Give '--role operator' if",
  );
  expect((await pki("issue", "lb-z", "--role", "operator")).stdout).toContain("lb-z is an operator");
  expect((await pki("rotate", "nobody")).stderr).toBe(
    "holdfast: there is no node nobody; the nodes of campus are lb-a, lb-b\n",
  );
});

test("a name that gets another certificate keeps its role, and is told that the older one still counts", async () => {
  const { pki } = await operator();
  await pki("init");
  await pki("issue", "wall", "--role", "viewer");
  const { stdout } = await pki("issue", "wall");
  expect(stdout).toContain("wall is a viewer of campus");
  expect(stdout).toContain(
    "Its older certificate stays valid: 'holdfast pki revoke wall --older' ends that.",
  );
  await pki("revoke", "wall");
  const again = (await pki("issue", "wall")).stdout;
  expect(again).toContain("wall is a viewer");
  expect(again).not.toContain("stays valid");
});

test("without an authority the next step is named", async () => {
  const { pki } = await operator();
  await expect(pki("issue", "anna")).rejects.toThrow("make one with 'holdfast pki init'");
  await expect(pki("list")).rejects.toThrow("--pki");
});

test("what ends within 30 days is red, what is revoked is not", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  const entry: LedgerEntry = {
    serial: "4A",
    name: "anna",
    role: "operator",
    issued: "2025-12-01T00:00:00Z",
    not_after: "2026-12-01T12:00:00Z",
    revoked: null,
  };
  const marked = (...entries: LedgerEntry[]) => listText(entries, now, (style, text) => `<${style} ${text}>`);
  expect(marked(entry)).toBe("anna  operator  4A  <red expires in 8 days>\n");
  expect(marked({ ...entry, not_after: "2026-11-24T13:00:00Z" })).toContain("<red expires in 1 day>");
  expect(marked({ ...entry, not_after: "2026-11-23T11:00:00Z" })).toContain("<red expired 2026-11-23>");
  expect(marked({ ...entry, revoked: "2026-11-01T00:00:00Z" })).toBe(
    "anna  operator  4A  revoked 2026-11-01\n",
  );
  const authority = (expires: string) =>
    authorityLine("campus", expires, now, (style, text) => `<${style} ${text}>`);
  expect(authority("2036-11-23T12:00:00Z")).toBe("authority of campus  expires 2036-11-23\n");
  expect(authority("2027-11-23T12:00:00Z")).toContain("<red expires 2027-11-23>");
  expect(authority("2026-11-22T12:00:00Z")).toContain("<red EXPIRED 2026-11-22>");
  expect(marked()).toContain("holdfast pki issue NAME");
});
