import { beforeEach, describe, expect, test } from "vitest";
import { stage } from "./site.js";
import { settledWithClients } from "./vpn-install.js";
import { generations, needsServers, patience, reaches, serversOf, type VpnSite } from "./vpn-site.js";

/** An orderly reboot: its clients have another server meanwhile, and nobody has to do anything afterwards. */
export function vpnServerReboots(site: VpnSite): void {
  describe("a VPN server that reboots", () => {
    beforeEach((context) => needsServers(site, context));

    test("loses its client to the other, with its address, and is back by itself on the same generation", async () => {
      await settledWithClients(site);
      const before = await generations(site);
      await site.lab.shutDown("vpn-b");
      await stage(site, "the client of a server that went is at the other", async () => {
        await expect.poll(() => serversOf(site, "host2"), patience).toEqual(["vpn-a"]);
        await expect.poll(() => reaches(site, "host1", "host2"), patience).toBe(true);
      });
      await stage(site, "boot of the VPN server, until all is well", async () => {
        await site.lab.faults.powerOn("vpn-b");
        await settledWithClients(site);
      });
      expect(await generations(site)).toEqual(before);
      expect(await serversOf(site, "host2")).toEqual(["vpn-a"]);
    });
  });
}
