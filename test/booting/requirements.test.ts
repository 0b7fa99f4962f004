import { describe, expect, test } from "vitest";
import { cannotBoot, type Surroundings } from "../../machines/requirements.js";

const fit: Surroundings = {
  isRoot: true,
  exists: () => true,
  mayUnshare: true,
  mayOverlay: true,
  isWritable: () => true,
};
const without = (missing: string) => (path: string) => !path.startsWith(missing);

describe("why this computer cannot boot machines", () => {
  test("is nothing where it can", () => {
    expect(cannotBoot(fit)).toBeNull();
  });

  test.for<[string, Partial<Surroundings>, RegExp]>([
    ["nobody is root", { isRoot: false }, /only root may/],
    [
      "a package is missing",
      { exists: without("/usr/bin/systemd-nspawn") },
      /apt-get install systemd-container'$/,
    ],
    ["there is no overlay", { mayOverlay: false }, /overlay/],
    ["it is a container itself", { mayUnshare: false }, /no namespaces/],
    ["there are no control groups", { exists: without("/sys/fs/cgroup") }, /no control groups/],
    ["they are read-only", { isWritable: without("/sys/fs/cgroup") }, /cannot be written/],
  ])("is said when %s", ([, surroundings, why]) => {
    expect(cannotBoot({ ...fit, ...surroundings })).toMatch(why);
  });

  test("counts the engines of VPN servers where only those boot, and the device that OpenVPN needs", () => {
    const kinds = { nodes: false, vpnServers: true };
    expect(cannotBoot({ ...fit, exists: without("/usr/sbin/keepalived") }, kinds)).toBeNull();
    expect(cannotBoot({ ...fit, exists: without("/dev/net/tun") })).toBeNull();
    expect(cannotBoot({ ...fit, exists: without("/dev/net/tun") }, kinds)).toMatch(/modprobe tun/);
  });
});
