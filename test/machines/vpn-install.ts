import { mkdtempSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { must } from "../../src/lab/command.js";
import { until } from "../../src/lab/readiness.js";
import { vpnPaths, vpnPlaces } from "../../src/render/vpn/places.js";
import { stage } from "./site.js";
import {
  addressOf,
  administer,
  asked,
  clientMachines,
  clientsReachEachOther,
  desk,
  filesOf,
  generations,
  needsServers,
  patience,
  serverNames,
  serversOf,
  topology,
  type VpnSite,
} from "./vpn-site.js";

const soon = { patience: 60_000, signal: new AbortController().signal };
const units = ["openvpn-server@overlay", "openvpn-server@overlay-backbone0", "bird"];

/** docs/vpn.md, "What each server needs", as it stands there. */
export function serversAreInstalled(site: VpnSite): void {
  describe("two bare servers", () => {
    test("get their packages by SSH", async () => {
      const { ssh } = site.lab;
      await stage(site, "packages of two VPN servers", () =>
        Promise.all(
          serverNames.map(async (name) => {
            const login = ssh.login(addressOf(name), ["true"]);
            await until(
              `${name} answers SSH`,
              async () => (await ssh.from(desk)(login)).exitCode === 0,
              soon,
            );
            const copied = await ssh.from(desk)(ssh.copy(site.package, addressOf(name), "/tmp/"), {
              timeout: 60_000,
            });
            expect(copied.exitCode, copied.stderr).toBe(0);
            const file = `/tmp/${basename(site.package)}`;
            const install = ["apt-get", "install", "--yes", "--no-install-recommends"];
            await administer(site, name, [...install, "openvpn", "bird2", file]);
          }),
        ),
      );
    });

    test("get OpenVPN's certificates, and the password of its management", async () => {
      const { vpnAuthority } = site.lab;
      for (const { name, management } of topology.cluster.vpn?.servers ?? []) {
        const identity = await vpnAuthority?.issue(name, "serverAuth,clientAuth");
        await administer(site, name, ["install", "-d", "-m", "0700", vpnPlaces.pki]);
        await bring(site, name, vpnPlaces.pki, {
          "ca.crt": identity?.ca ?? "",
          "server.crt": identity?.certificate ?? "",
          "server.key": identity?.key ?? "",
        });
        const { passwordFile } = management;
        if (passwordFile !== null)
          await bring(site, name, dirname(passwordFile), { [basename(passwordFile)]: "of this test\n" });
      }
    });

    test("get their agents' certificates, and wait for a topology", async () => {
      expect(await site.operator.certificates("init")).toMatchObject({ exitCode: 0 });
      for (const name of serverNames) {
        expect(await site.operator.certificates("issue", name)).toMatchObject({ exitCode: 0 });
        const { stdout: stdin } = await must(["tar", "-C", join(site.operator.pki, name), "-c", "."]);
        const unpack = ["tar", "-x", "-p", "--no-same-owner", "-C", "/etc/holdfast/pki"];
        await administer(site, name, unpack, { stdin });
        await administer(site, name, ["systemctl", "start", "holdfast-agent"]);
      }
      await site.operator.certify();
      expect(await asked(site, "vpn-a", "ls", "/etc/holdfast")).toBe("pki\n");
      const plan = await site.operator.holdfast("plan");
      expect(plan.exitCode, plan.stdout + plan.stderr).toBe(2);
    });

    test("become one network by an apply", async () => {
      for (const name of serverNames) {
        const bird = await asked(site, name, "cat", vpnPaths.bird);
        site.before.set(name, { bird, files: await filesOf(site, name) });
      }
      const { exitCode, stdout, stderr } = await stage(site, "first apply on VPN servers", () =>
        site.operator.holdfast("apply", "--yes", "-m", "first servers"),
      );
      expect(exitCode, stdout + stderr).toBe(0);
      site.installed = true;
      await site.operator.settled();
    });
  });
}

/** Puts files that only root may read into a directory there. */
async function bring(
  site: VpnSite,
  server: string,
  directory: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const place = mkdtempSync(join(site.lab.directory, "bring-"));
  for (const [name, body] of Object.entries(files)) writeFileSync(join(place, name), body, { mode: 0o600 });
  const { stdout: stdin } = await must(["tar", "-C", place, "-c", ...Object.keys(files)]);
  await administer(site, server, ["tar", "-x", "-p", "--no-same-owner", "-C", directory], { stdin });
}

/** Everything is on: what runs, what systemd thinks of it, and what it was told beyond Debian's units. */
export function serversServe(site: VpnSite): void {
  describe("VPN servers under systemd", () => {
    beforeEach((context) => needsServers(site, context));

    test("have clients that reach each other, each on its own server", async () => {
      for (const machine of Object.values(clientMachines)) await site.lab.faults.start(machine, "openvpn");
      await stage(site, "clients reach each other", () => clientsReachEachOther(site));
      expect(await serversOf(site, "host1")).toEqual(["vpn-a"]);
      expect(await serversOf(site, "host2")).toEqual(["vpn-b"]);
      await site.operator.settled();
      const [first, second] = Object.values(await generations(site));
      expect(first).toEqual(second);
      expect(first).toMatchObject({ number: 1 });
    });

    test.for(serverNames)("%s starts all of it at boot, and no unit failed", async (name) => {
      for (const unit of [...units, "holdfast-agent"]) {
        expect(await asked(site, name, "systemctl", "is-enabled", unit), unit).toBe("enabled\n");
        expect(await asked(site, name, "systemctl", "is-active", unit), unit).toBe("active\n");
      }
      expect(await asked(site, name, "systemctl", "list-units", "--failed", "--no-legend", "--plain")).toBe(
        "",
      );
    });

    test("have an agent that systemd confines: an exposure of at most 4.0", async () => {
      const said = await asked(
        site,
        "vpn-a",
        "systemd-analyze",
        "security",
        "--no-pager",
        "holdfast-agent.service",
      );
      const exposure = Number(/Overall exposure level for holdfast-agent.service: ([\d.]+)/.exec(said)?.[1]);
      expect(exposure, said).toBeLessThanOrEqual(4);
    });

    test.for(units)(
      "%s is told by our drop-in to start for ever, before everything ordinary",
      async (unit) => {
        const properties = ["Restart", "RestartUSec", "StartLimitIntervalUSec", "CPUWeight", "DropInPaths"];
        const said = await asked(
          site,
          "vpn-a",
          "systemctl",
          "show",
          "--property",
          properties.join(","),
          unit,
        );
        const values = Object.fromEntries(
          said
            .trim()
            .split("\n")
            .map((line) => line.split(/=(.*)/s, 2)),
        );
        expect(values).toMatchObject({
          ...{ Restart: "always", RestartUSec: "500ms", StartLimitIntervalUSec: "0", CPUWeight: "10000" },
          DropInPaths: expect.stringMatching(/\/(bird|openvpn-server@)\.service\.d\/holdfast\.conf$/),
        });
        // systemd names what it does not understand of a unit by file and line.
        const journal = await asked(site, "vpn-a", "journalctl", "--quiet", "--output", "cat", "_PID=1");
        expect(journal.split("\n").filter((line) => /\/holdfast[^/ ]*:\d+:/.test(line))).toEqual([]);
      },
    );
  });
}

export const settledWithClients = async (site: VpnSite): Promise<void> => {
  await site.operator.settled();
  await clientsReachEachOther(site);
  await expect.poll(() => serversOf(site, "host1"), patience).toHaveLength(1);
};
