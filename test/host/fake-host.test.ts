import { expect, test } from "vitest";
import { FakeHost } from "./fake-host.js";

const plain = { mode: 0o644, user: "root", group: "root" };

test("a staged file changes nothing until it is swapped", async () => {
  const host = new FakeHost("lb-a", { "/etc/engine/conf": "old" });
  const staged = await host.stage("/etc/engine/conf", "new", plain);
  expect(host.bodies()).toEqual({ "/etc/engine/conf": "old" });
  await host.swap(staged, "/etc/engine/conf");
  expect(host.bodies()).toEqual({ "/etc/engine/conf": "new" });
});

test("a swap that fails leaves the old file", async () => {
  const host = new FakeHost("lb-a", { "/etc/engine/conf": "old" });
  host.faults.swap = (path) => path === "/etc/engine/conf";
  await expect(
    host.swap(await host.stage("/etc/engine/conf", "new", plain), "/etc/engine/conf"),
  ).rejects.toThrow(/no space/);
  expect(host.bodies()).toEqual({ "/etc/engine/conf": "old" });
});

test("a link is followed on reading and listing", async () => {
  const host = new FakeHost("lb-a", { "/var/lib/holdfast/generations/2/files/a": "A" });
  await host.link("/var/lib/holdfast/generations/2", "/var/lib/holdfast/current");
  expect(await host.read("/var/lib/holdfast/current/files/a")).toBe("A");
  expect(await host.list("/var/lib/holdfast/current")).toEqual(["files"]);
  expect(await host.linked("/var/lib/holdfast/current")).toBe("/var/lib/holdfast/generations/2");
});

test("a service that refuses to reload goes on running", async () => {
  const host = new FakeHost("lb-a");
  await host.services.start("haproxy");
  host.faults.service = (action) => action === "reload";
  await expect(host.services.reload("haproxy")).rejects.toThrow("haproxy did not reload");
  expect((await host.services.status("haproxy")).running).toBe(true);
});
