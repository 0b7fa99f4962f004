import { lstat, mkdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type MachineRoot, machineRoot } from "./machine-root.js";

const secret = { mode: 0o640, user: "proxy-user", group: "proxy-group" };
let machine: MachineRoot;
const at = (path: string) => join(machine.root, path);

beforeEach(async () => {
  machine = await machineRoot();
});
afterEach(() => machine.remove());

test("a staged file has its final mode and owner, and the old file is untouched until the swap", async () => {
  await mkdir(at("etc/engine"));
  await writeFile(at("etc/engine/conf"), "old");
  const staged = await machine.host.stage("/etc/engine/conf", "new", secret);
  expect(staged).toBe("/etc/engine/.conf.holdfast-new");
  expect(await machine.host.read("/etc/engine/conf")).toBe("old");
  expect(await machine.host.status(staged)).toEqual({
    mode: 0o640,
    user: "proxy-user",
    group: "proxy-group",
    size: 3,
  });
  await machine.host.swap(staged, "/etc/engine/conf");
  expect(await machine.host.list("/etc/engine")).toEqual(["conf"]);
  expect(await machine.host.read("/etc/engine/conf")).toBe("new");
});

test("directories on the way are open to readers whatever the umask", async () => {
  const umask = process.umask(0o077);
  try {
    await machine.host.stage("/etc/a/b/conf", "x", secret);
  } finally {
    process.umask(umask);
  }
  expect((await stat(at("etc/a/b"))).mode & 0o777).toBe(0o755);
});

test("a staged file that a crash left behind is replaced, never written through", async () => {
  await writeFile(at("etc/precious"), "precious");
  await symlink("precious", at("etc/.conf.holdfast-new"));
  await machine.host.stage("/etc/conf", "new", secret);
  expect(await readFile(at("etc/precious"), "utf8")).toBe("precious");
  expect((await lstat(at("etc/.conf.holdfast-new"))).isFile()).toBe(true);
});

test("an owner whom the machine does not know is refused by name", async () => {
  await expect(machine.host.stage("/etc/conf", "x", { ...secret, user: "nobody-here" })).rejects.toThrow(
    /etc\/passwd: there is no nobody-here/,
  );
});

test("an absolute link inside the machine leads to the machine's own file, not to ours", async () => {
  await writeFile(at("etc/hostname"), "lb-a");
  await symlink("/etc/hostname", at("etc/name"));
  await symlink("/etc", at("configuration"));
  expect(await machine.host.read("/etc/name")).toBe("lb-a");
  expect(await machine.host.read("/configuration/name")).toBe("lb-a");
});

test("links cannot lead out of the machine, and a loop of links is an error", async () => {
  await symlink("../../../../../../etc/passwd", at("etc/out"));
  await symlink("loop", at("etc/loop"));
  expect(await machine.host.read("/etc/out")).toContain("proxy-user");
  await expect(machine.host.read("/etc/loop")).rejects.toThrow(/too many symbolic links/);
});

test("a link is made relative and replaces the one before", async () => {
  await machine.host.link("/var/lib/holdfast/generations/1", "/var/lib/holdfast/current");
  await machine.host.link("/var/lib/holdfast/generations/2", "/var/lib/holdfast/current");
  expect(await readlink(at("var/lib/holdfast/current"))).toBe("generations/2");
  expect(await machine.host.linked("/var/lib/holdfast/current")).toBe("/var/lib/holdfast/generations/2");
  expect(await machine.host.linked("/var/lib/holdfast/generations")).toBeNull();
});

test("what is not there reads as null, lists as nothing and is removed without complaint", async () => {
  expect(await machine.host.read("/etc/none")).toBeNull();
  expect(await machine.host.read("/etc/passwd/none")).toBeNull();
  expect(await machine.host.status("/none")).toBeNull();
  expect(await machine.host.list("/none")).toEqual([]);
  await machine.host.remove("/none");
});

test("what was staged and is not wanted any more goes, also a link that was only half made", async () => {
  await writeFile(at("etc/conf"), "old");
  await machine.host.stage("/etc/conf", "new", secret);
  await symlink("conf", at("etc/.current.holdfast-new"));
  for (const path of ["/etc/conf", "/etc/current", "/etc/never-staged"]) await machine.host.unstage(path);
  expect(await machine.host.list("/etc")).not.toContain(".conf.holdfast-new");
  expect(await machine.host.list("/etc")).not.toContain(".current.holdfast-new");
  expect(await machine.host.read("/etc/conf")).toBe("old");
});
