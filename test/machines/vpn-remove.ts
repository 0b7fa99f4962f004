import { beforeEach, describe, expect, test } from "vitest";
import { vpnPaths, vpnPlaces } from "../../src/render/vpn/places.js";
import { stage } from "./site.js";
import { administer, asked, filesOf, needsServers, serverNames, type VpnSite } from "./vpn-site.js";

export function vpnServersAreRemoved(site: VpnSite): void {
  describe("holdfast remove on a VPN server", () => {
    beforeEach((context) => needsServers(site, context));

    test.for(serverNames)("takes everything off %s, and BIRD has its old file", async (name) => {
      const look = (...argv: string[]) => asked(site, name, ...argv);
      await stage(site, `holdfast remove on ${name}`, () =>
        administer(site, name, ["holdfast", "remove", "--yes"]),
      );
      expect(await filesOf(site, name)).toEqual(site.before.get(name)?.files);
      expect(await look("cat", vpnPaths.bird)).toBe(site.before.get(name)?.bird);
      expect(await look("systemctl", "is-active", "bird")).toBe("active\n");
      expect(await look("systemctl", "list-units", "--plain", "--no-legend", "openvpn-server@*")).toBe("");
      for (const family of ["-4", "-6"])
        expect(await look("ip", family, "route", "show", "table", "all", "proto", "111")).toBe("");
      expect(await look("sysctl", "-n", "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding")).toBe(
        "0\n0\n",
      );

      await administer(site, name, ["apt-get", "purge", "--yes", "holdfast"]);
      const found = await look("find", "/", "-xdev", "-iname", "*holdfast*", "-not", "-path", "/tmp/*");
      // The operator put it there, and takes it away.
      expect(found).toBe(`${vpnPlaces.pki}\n`);
      expect(await look("systemctl", "list-units", "--failed", "--no-legend", "--plain")).toBe("");
    });
  });
}
