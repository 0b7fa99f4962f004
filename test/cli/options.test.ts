import { expect, test } from "vitest";
import { registerApply } from "../../src/cli/apply.js";
import { registerCalibrate } from "../../src/cli/calibrate.js";
import { registerPlan } from "../../src/cli/plan.js";
import { examplePath, run } from "./run.js";

const apply = (...options: string[]) => run(registerApply, "apply", "-f", examplePath("pair"), ...options);

test.each([
  ["1s", "holdfast: --confirm-timeout 1s: write 5s to 3600s\n"],
  ["90000s", "holdfast: --confirm-timeout 90000s: write 5s to 3600s\n"],
  ["100h", "holdfast: --confirm-timeout 100h: write a duration, for instance 60s\n"],
])("a trial of %s is refused in the option's own units, before anybody is asked", async (value, words) => {
  expect(await apply("--confirm-timeout", value)).toMatchObject({ stderr: words, exitCode: 1 });
});

test("so is a message that nobody would keep", async () => {
  expect((await apply("-m", "x".repeat(401))).stderr).toBe(
    "holdfast: --message: at most 400 characters are kept, this has 401\n",
  );
  expect((await apply("-m", "two\nlines")).stderr).toMatch(/--message: write one line/);
});

test("leaving out every node is refused: nobody would be left", async () => {
  const words = "holdfast: --without lb-a lb-b: nobody would be left\n";
  expect((await apply("--without", "lb-a", "lb-b")).stderr).toBe(words);
  const plan = await run(registerPlan, "plan", "-f", examplePath("pair"), "--without", "lb-b", "lb-a");
  expect(plan.stderr).toBe(words);
});

test.each(["0", "301", "2.5", "a minute"])("nobody is watched for %s seconds", async (seconds) => {
  const ran = await run(registerCalibrate, "calibrate", "-f", examplePath("pair"), "--seconds", seconds);
  const words = `holdfast: --seconds ${seconds}: write a whole number, 1 to 300\n`;
  expect(ran).toMatchObject({ stderr: words, exitCode: 1 });
});
