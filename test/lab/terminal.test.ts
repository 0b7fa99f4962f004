import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { isThorough } from "../thorough.js";
import { calmLab } from "./promises.js";
import { edited, ensureBuilt, example, labFor } from "./topology.js";

const topology = example("pair", "lab-terminal");
const leastconn = edited(topology, ["balance: source", "balance: leastconn"]);
const directory = mkdtempSync(join(tmpdir(), "terminal-"));
const file = join(directory, "topology.yaml");
let lab: Lab;

beforeAll(async () => {
  await ensureBuilt();
  lab = await labFor(topology, { switches: 0 });
});
beforeEach(async () => {
  await calmLab(lab);
  writeFileSync(file, topology.text);
});
afterAll(async () => {
  await labDown(topology.cluster.name);
  rmSync(directory, { recursive: true });
});

/** Runs a command that is sent what Ctrl-C sends as soon as `until` is among what it says; without it, to its end. */
async function holdfast(argv: readonly string[], until?: RegExp): Promise<string> {
  const child = spawn("node", ["dist/cli/main.js", ...argv, "--file", file, "--lab"], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 100_000,
  });
  let said = "";
  let interrupted = until === undefined;
  const hear = (chunk: Buffer): void => {
    said += String(chunk);
    if (interrupted || !until?.test(said)) return;
    interrupted = true;
    child.kill("SIGINT");
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const [code] = await once(child, "close");
  return `${said}exit ${code}`;
}

const current = async (): Promise<string> => /^\* +(\d+) /m.exec(await holdfast(["history"]))?.[1] ?? "none";

test("Ctrl-C in the midst of an apply ends the watching, says so, and the apply comes to its end", async () => {
  const before = Number(await current());
  writeFileSync(file, leastconn.text);
  expect(await holdfast(["apply", "--yes"], /prepare {3}lb-/)).toMatch(
    /holdfast: the apply goes on without this command: 'holdfast history' shows how it ended\nexit 1$/,
  );
  await expect.poll(current, { timeout: 30_000 }).toBe(String(before + 1));
});

test.runIf(isThorough)(
  "Ctrl-C in the midst of an apply on trial says by when it has to be confirmed",
  async () => {
    const before = Number(await current());
    writeFileSync(file, leastconn.text);
    if ((await holdfast(["plan"])).endsWith("exit 0")) writeFileSync(file, topology.text);
    expect(await holdfast(["apply", "--yes", "--confirm-timeout", "300s"], /prepare {3}lb-/)).toMatch(
      /the apply goes on without this command: .*\nThen a timer runs: every node goes back unless 'holdfast confirm' comes, by \d\d:\d\d:\d\d to be safe\nexit 1$/,
    );
    await expect.poll(() => holdfast(["confirm"]), { timeout: 30_000 }).toMatch(/is kept on .*\nexit 0$/);
    expect(Number(await current())).toBe(before + 1);
  },
);

test("Ctrl-C in the midst of a drill mends what it broke before the command ends, and says so", async () => {
  expect(await holdfast(["drill", "run", "power-loss"], /power-loss: lb-. off\n/)).toMatch(
    /holdfast: interrupted; what was broken is mended\nexit 1$/,
  );
  for (const { name } of topology.cluster.nodes) expect(lab.agentSocket(name)).not.toBeNull();
});

test("apply --watch says at once what it does, and Ctrl-C what stays", async () => {
  const said = await holdfast(
    ["apply", "--watch", "--yes"],
    /; Ctrl-C ends it\.\n[\s\S]*; Ctrl-C ends it\.\n/,
  );
  const [first] = said.split("\n");
  expect(first).toBe(`Watching ${file}, which is applied now and after each save; Ctrl-C ends it.`);
  expect(said).toMatch(/\nholdfast: no longer watching; what was applied stays\nexit 1$/);
});

test.runIf(isThorough)("a rollback can be on trial like any change", async () => {
  writeFileSync(file, leastconn.text);
  if ((await holdfast(["plan"])).endsWith("exit 2")) await holdfast(["apply", "--yes"]);
  const before = Number(await current());
  expect(await holdfast(["rollback", "--yes", "--confirm-timeout", "300s"])).toMatch(
    /Not confirmed: back in \d+ s unless you run 'holdfast confirm'\.\nexit 0$/,
  );
  expect(await holdfast(["confirm"])).toMatch(/is kept on .*\nexit 0$/);
  expect(Number(await current())).toBe(before + 1);
});

test("a rollback to a generation that nobody has names the cure, and changes nothing", async () => {
  const before = await current();
  expect(await holdfast(["rollback", "99", "--yes"])).toBe(
    "holdfast: there is no generation 99; 'holdfast history' lists those there are\nexit 1",
  );
  expect(await current()).toBe(before);
});
