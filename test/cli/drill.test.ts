import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registerDrill } from "../../src/cli/drill.js";
import { announcement, onlySafe } from "../../src/cli/drill-live.js";
import { liveReadiness } from "../../src/cli/live-readiness.js";
import { safeDrills } from "../../src/drill/catalogue.js";
import type { ClusterStatus } from "../../src/fleet/status.js";
import { campus } from "../drill/campus.js";
import { examplePath, run } from "./run.js";

const drill = (...argv: string[]) => run(registerDrill, "drill", ...argv);

describe("drills on real nodes", () => {
  test("are those that break nothing: others are refused before anybody is asked", async () => {
    expect(await drill("run", "--all", "-f", examplePath("pair"))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /^holdfast: power-loss, haproxy-crash, haproxy-freeze and \d+ more would break/,
      ),
    });
    expect(await drill("run", "--random", "5", "-f", examplePath("pair"))).toMatchObject({ exitCode: 1 });
    expect(() => onlySafe([{ name: "switchover" }, { name: "path-dead" }])).toThrow(
      "path-dead would break machines on purpose: such drills need a lab ('holdfast lab up' makes one, --lab names it); " +
        "safe on real nodes: maintenance, switchover",
    );
  });

  test("are announced: who moves, for how long at most, whose sessions end", () => {
    expect(announcement(safeDrills, campus, { active: "lb-b", standby: "lb-a" })).toBe(
      [
        "On the real nodes of campus, of which lb-b is active:",
        "  maintenance   lb-b out of service, and back: each way silent for 50 ms at most",
        "  switchover   lb-b -> lb-a, and back: each way silent for 50 ms at most",
        "  the virtual IPs 10.0.1.100, 10.0.2.1 move",
        "  each time all sessions of openflow end, and have to connect again",
      ].join("\n"),
    );
  });

  test("ask nobody for a document", async () => {
    expect(await drill("run", "switchover", "--json", "-f", examplePath("pair"))).toMatchObject({
      exitCode: 1,
      stderr: "holdfast: --json asks nobody: give --yes too\n",
    });
  });
});

describe("a cluster can be drilled", () => {
  const node = (name: string, role: string) => ({
    ...{ name, role, healthy: true, owned: [], drifts: [], rules: { missing: [], unexpected: [] } },
    ...{ generation: null, yielding: false, report: null },
  });
  const status = (more: object): ClusterStatus =>
    ({
      ...{ nodes: [node("lb-a", "active"), node("lb-b", "standby")], services: [] },
      ...{ healthy: true, trial: null },
      ...more,
    }) as unknown as ClusterStatus;

  test("while all is well, and is left alone with the reason where it is not", () => {
    const why = (more: object) => liveReadiness(campus, status(more));
    expect(why({})).toEqual({ ready: true, active: "lb-a", standby: "lb-b" });
    expect(why({ nodes: [node("lb-a", "active"), node("lb-b", "maintenance")] })).toEqual({
      ...{ ready: false, reason: "lb-b is not ready (maintenance)" },
    });
    expect(why({ trial: { author: "anna" } })).toMatchObject({ reason: "a generation of anna is on trial" });
    const services = [{ name: "openflow", redundant: false }];
    expect(why({ healthy: false, services })).toMatchObject({
      reason: "no server of openflow can be spared",
    });
    expect(why({ healthy: false })).toMatchObject({ ready: false, reason: "it is degraded" });
  });
});

describe("a schedule", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "holdfast-schedule-"));
  });
  afterAll(() => rm(directory, { recursive: true }));

  test("names everything by whole paths, and overwrites nothing unasked", async () => {
    const hostile = join(directory, 'a "b" %n $c');
    await mkdir(hostile);
    const file = join(hostile, "pair.yaml");
    await writeFile(file, await readFile(examplePath("pair"), "utf8"));
    const argv = ["schedule", "switchover", "--on", "Sun 03:00", "-f", file, "--out", directory];
    const more = ["--reports", join(directory, "r"), "--pki", "/pki", "--as", "anna"];
    expect(await drill(...argv, ...more)).toMatchObject({ exitCode: 0, stderr: "" });
    const unit = await readFile(join(directory, "holdfast-drills-campus.service"), "utf8");
    expect(unit).toContain(
      [
        ...['"drill" "run" "switchover" "--yes" "--file"', `"${directory}/a \\"b\\" %%n $c/pair.yaml"`],
        ...['"--pki" "/pki" "--as" "anna" "--reports"', `"${directory}/r"\n`],
      ].join(" "),
    );
    expect(await drill(...argv, ...more)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("exists already"),
    });
    expect(await drill(...argv, ...more, "--force")).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ["power-loss", "Sun 03:00", "would break machines"],
    ["power-los", "Sun 03:00", "there is no drill power-los"],
    ["switchover", "Sun 03:00\nUnit=evil.service", "calendar"],
  ])("of %s at %j is refused", async (name, on, why) => {
    const argv = ["--on", on, "-f", examplePath("pair"), "--out", directory, "--reports", "r", "--force"];
    expect(await drill("schedule", name, ...argv)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(why),
    });
  });
});
