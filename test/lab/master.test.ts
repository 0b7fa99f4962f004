import { afterAll, beforeAll, expect, test } from "vitest";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { program } from "../../src/lab/program.js";
import { labUp } from "../../src/lab/up.js";
import { ensureBuilt, example } from "./topology.js";

const { cluster } = example("campus-routed", "lab-master");
const [address, port] = ["10.0.2.10", "6653"];
let lab: Lab;

beforeAll(async () => {
  ensureBuilt();
  lab = await labUp(cluster, { switches: 0 });
});
afterAll(() => labDown(cluster.name));

const log = async (): Promise<string[]> =>
  (await lab.machine("master").exec(["cat", "/run/log/master-6653.log"])).stdout.split("\n");

test.each([
  ["1.0", "0x0a"],
  ["1.3", "0x0d"],
])("the master controller notes OpenFlow %s switches as they come, speak and go", async (version, base) => {
  const load = ["--openflow", version, "--switches", "2", "--base", base, "--rate", "20", "--seconds", "1"];
  const { stdout, exitCode } = await lab
    .machine("c1")
    .exec([process.execPath, program.openflowLoad, address, port, ...load], { timeout: 60_000 });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ live: 2, sessions: { lost: 0 } });
  for (const datapath of [Number(base), Number(base) + 1].map((id) => id.toString(16).padStart(16, "0"))) {
    await expect.poll(log, { timeout: 20_000 }).toContainEqual(expect.stringMatching(`Z gone ${datapath}$`));
    const lines = (await log()).filter((line) => line.includes(datapath));
    expect(lines[0]).toMatch(new RegExp(`Z came ${datapath} ${version.replace(".", "\\.")}$`));
    expect(lines[1]).toMatch(new RegExp(`Z packet-in ${datapath} 1 0x88b5 [0-9a-f]{50,128}$`));
    expect(lines.length).toBeGreaterThan(7);
  }
});
