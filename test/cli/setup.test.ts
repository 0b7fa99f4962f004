import { spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-setup-"));
  for (const name of ["bin", "src", "node_modules"]) await mkdir(join(folder, name));
  for (const name of ["package-lock.json", "tsconfig.json", "tsconfig.build.json"])
    await writeFile(join(folder, name), "{}");
  await copyFile(new URL("../../scripts/setup.mjs", import.meta.url), join(folder, "setup.mjs"));
  await symlink(process.execPath, join(folder, "bin/node"));
  await writeFile(join(folder, "bin/npm"), "#!/bin/sh\n");
  await chmod(join(folder, "bin/npm"), 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** On a machine that has neither the lab's programs nor apt-get. */
const setup = (...args: string[]) =>
  spawnSync(process.execPath, ["setup.mjs", ...args], {
    ...{ cwd: folder, encoding: "utf8", env: { PATH: join(folder, "bin") } },
  });

test("a machine that only operates a pair needs none of the lab's programs", () => {
  const { status, stdout } = setup("--program-only");
  expect(stdout).toBe("setup: installing npm packages\nsetup: compiling\n");
  expect(status).toBe(0);
});

test("a machine for labs does not do without them", () => {
  const { status, stdout, stderr } = setup();
  expect(status).toBe(1);
  expect(stdout + stderr).toMatch(/install.* openvswitch-switch/);
});
