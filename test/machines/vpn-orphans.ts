import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { stage } from "./site.js";
import { settledWithClients } from "./vpn-install.js";
import {
  asked,
  clientMachines,
  clientsReachEachOther,
  fixedAddress,
  needsServers,
  patience,
  serverNames,
  type VpnSite,
} from "./vpn-site.js";

/** Those that the agent keeps, of clients with a fixed address. */
const clientRoutes = (site: VpnSite, server: string): Promise<string> =>
  asked(site, server, "ip", "route", "show", "proto", "111");

export function vpnServerWithoutAgent(site: VpnSite): void {
  describe("a VPN server whose agent is stopped", () => {
    beforeEach((context) => needsServers(site, context));

    test("keeps its routes and takes logins, and an agent that starts again takes none away", async () => {
      await settledWithClients(site);
      await asked(site, "vpn-a", "systemctl", "stop", "holdfast-agent");
      const before = await clientRoutes(site, "vpn-a");
      expect(before).toContain(fixedAddress("host1"));
      await logInAgain(site, "host1");
      await stage(site, "a login without an agent", () => clientsReachEachOther(site));
      expect(await clientRoutes(site, "vpn-a")).toBe(before);

      const watches = await Promise.all(
        serverNames.map((name) => site.lab.machine(name).spawn(["ip", "monitor", "route"])),
      );
      await asked(site, "vpn-a", "systemctl", "start", "holdfast-agent");
      await stage(site, "an agent that starts again beside its clients", () => settledWithClients(site));
      await sleep(3_000); // Whatever else was to come has come.
      const seen = await Promise.all(watches.map((watch) => watch.stop()));
      expect(seen.join("\n")).not.toMatch(/Deleted .*(10\.100\.|fd00:100:)/);
      expect(await clientRoutes(site, "vpn-a")).toBe(before);
    });
  });

  describe("engines of a VPN server", () => {
    beforeEach((context) => needsServers(site, context));

    // systemd is asked, and not the agent, which stands still for as long as that takes.
    test.for(["openvpn-server@overlay", "openvpn-server@overlay-backbone0", "bird"])(
      "%s is started again when it is killed, with the agent stopped",
      async (unit) => {
        await settledWithClients(site);
        await asked(site, "vpn-a", "systemctl", "stop", "holdfast-agent");
        const show = (property: string) =>
          asked(site, "vpn-a", "systemctl", "show", "--property", property, "--value", unit);
        const before = await show("MainPID");
        await asked(site, "vpn-a", "systemctl", "kill", "--signal", "KILL", unit);
        await stage(site, `${unit} killed without an agent`, async () => {
          await expect
            .poll(async () => ["0\n", before].includes(await show("MainPID")), patience)
            .toBe(false);
          await expect.poll(() => show("ActiveState"), patience).toBe("active\n");
          await asked(site, "vpn-a", "systemctl", "start", "holdfast-agent");
          await settledWithClients(site);
        });
        expect(Number(await show("NRestarts"))).toBeGreaterThan(0);
      },
    );
  });
}

/** The client ends without a word, and comes again to the server that it tries first. */
async function logInAgain({ lab }: VpnSite, client: "host1" | "host2"): Promise<void> {
  const machine = clientMachines[client];
  await lab.faults.signal(machine, "openvpn", "SIGKILL");
  const runs = async () => (await lab.machine(machine).exec(["pgrep", "-x", "openvpn"])).exitCode;
  await expect.poll(runs, patience).toBe(1);
  await lab.faults.start(machine, "openvpn");
}
