import { spawnSync } from "node:child_process";
import { access, chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-setup-"));
  for (const name of ["bin", "src", "node_modules"]) await mkdir(join(folder, name));
  for (const name of ["package-lock.json", "tsconfig.json", "tsconfig.build.json", "vite.config.ts"])
    await writeFile(join(folder, name), "{}");
  await copyFile(new URL("../../scripts/setup.mjs", import.meta.url), join(folder, "setup.mjs"));
  await symlink(process.execPath, join(folder, "bin/node"));
  await writeFile(join(folder, "bin/npm"), "#!/bin/sh\n");
  await chmod(join(folder, "bin/npm"), 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** On a machine that has neither the lab's programs nor, unless a test makes one, apt-get. */
const setup = (...args: string[]) =>
  spawnSync(process.execPath, ["setup.mjs", ...args], {
    ...{ cwd: folder, encoding: "utf8", env: { PATH: join(folder, "bin"), DPKG_ROOT: folder } },
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

describe.runIf(process.getuid?.() === 0)("what apt installs", () => {
  const policy = () => join(folder, "usr/sbin/policy-rc.d");
  /** An apt-get that says, as it installs, whether its packages may start daemons. */
  async function apt(last: string): Promise<void> {
    const asks = `[ "$1" = update ] || { ${process.execPath} -e 'console.error(require("fs").readFileSync("${policy()}", "utf8"))'; ${last}; }`;
    await writeFile(join(folder, "bin/apt-get"), `#!/bin/sh\n${asks}\n`);
    await chmod(join(folder, "bin/apt-get"), 0o755);
  }

  test.each(["exit 0", "exit 1", "kill -TERM $PPID; exit 1"])(
    "starts no daemon, and may do so again afterwards: %s",
    async (last) => {
      await apt(last);
      expect(setup("--with-checkers").stderr).toContain("exit 101");
      await expect(access(policy())).rejects.toThrow("ENOENT");
    },
  );

  test("is left to the machine's own rule where it has one", async () => {
    await apt("exit 0");
    await mkdir(join(folder, "usr/sbin"), { recursive: true });
    await writeFile(policy(), "# the machine's own\n");
    expect(setup("--with-checkers").stderr).toContain("the machine's own");
    expect(await readFile(policy(), "utf8")).toBe("# the machine's own\n");
  });
});
