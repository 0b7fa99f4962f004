import { afterAll, beforeAll, describe } from "vitest";
import { bootedLab } from "../../machines/booted.js";
import { operatorOf } from "../../machines/operator.js";
import { debianPackage } from "../../machines/package.js";
import { cannotBoot, surroundings } from "../../machines/requirements.js";
import { debianRoot } from "../../machines/root.js";
import { stage } from "./site.js";
import { serversAreInstalled, serversServe } from "./vpn-install.js";
import { vpnServerWithoutAgent } from "./vpn-orphans.js";
import { vpnServerReboots } from "./vpn-reboot.js";
import { vpnServersAreRemoved } from "./vpn-remove.js";
import { desk, topology, type VpnSite } from "./vpn-site.js";

const obstacle = cannotBoot(surroundings(), { nodes: false, vpnServers: true });
const progress = (text: string): void => void process.stderr.write(`machines: ${text}\n`);

/** The chapters build on each other, in this order, as those of machines.test.ts do. */
describe.skipIf(obstacle !== null)(
  `on booted VPN servers${obstacle === null ? "" : ` (${obstacle})`}`,
  () => {
    const site = { stages: [], before: new Map(), installed: false } as unknown as VpnSite;

    beforeAll(async () => {
      await stage(site, "the Debian root", () => debianRoot(progress));
      site.package = await stage(site, "a package", () => debianPackage());
      site.lab = await stage(site, "fresh VPN servers", () => bootedLab(topology.cluster, progress));
      site.operator = operatorOf(site.lab, topology.text, desk);
    }, 600_000);
    afterAll(async () => {
      await stage(site, "cleaning up", async () => site.lab?.down());
      const all = site.stages.reduce((sum, { took }) => sum + took, 0);
      progress(`VPN servers: ${(all / 1_000).toFixed(0)} s in all`);
    });

    serversAreInstalled(site);
    serversServe(site);
    vpnServerReboots(site);
    vpnServerWithoutAgent(site);
    vpnServersAreRemoved(site);
  },
);
