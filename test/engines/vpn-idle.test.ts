import { setTimeout as after } from "node:timers/promises";
import { expect, test } from "vitest";
import { isThorough } from "../thorough.js";
import { vpnOf } from "../topology/vpn-networks.js";
import type { Sandbox } from "./sandbox.js";
import { logOf, Overlay, passwordFile } from "./vpn-overlay.js";

const vpn = vpnOf(`
name: overlay
pool: [10.100.0.0/16, "fd00:100::/64"]
servers:
  - { name: vpn-a, address: 203.0.113.10, clients: [10.100.100.0/24, "fd00:100::a:0:0/96"], backbone: 10.200.200.1, management: { socket: /run/a.sock, password_file: ${passwordFile} } }
  - { name: vpn-b, address: 203.0.113.20, clients: [10.100.101.0/24, "fd00:100::b:0:0/96"], backbone: 10.200.200.2, management: { port: 5656 } }
`);

/** Milliseconds for which nobody says anything. By OpenVPN's pings alone a client lost its server once a minute. */
const quiet = 45_000;
const names = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"];

test.runIf(isThorough)(
  "clients that have nothing to say stay connected",
  { timeout: quiet + 60_000 },
  async () => {
    await using overlay = await Overlay.open(vpn);
    await overlay.server("vpn-a", ["openvpn"]);
    const clients: Sandbox[] = [];
    for (const [index, name] of names.entries())
      clients.push(await overlay.client(name, `203.0.113.${100 + index}/24`, "vpn-a"));
    const log = (index: number) => clients[index]?.must("cat", logOf(names[index] ?? "")) ?? "";
    const all = (text: string) => Promise.all(names.map(async (_, index) => count(await log(index), text)));
    await expect
      .poll(() => all("Initialization Sequence Completed"), { timeout: 20_000 })
      .toEqual(names.map(() => 1));
    await after(quiet);
    expect(await all("Inactivity timeout")).toEqual(names.map(() => 0));
    expect(await all("Initialization Sequence Completed")).toEqual(names.map(() => 1));
  },
);

const count = (text: string, part: string): number => text.split(part).length - 1;
