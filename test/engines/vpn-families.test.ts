import { afterAll, beforeAll, expect, test } from "vitest";
import { vpnOf } from "../topology/vpn-networks.js";
import type { Sandbox } from "./sandbox.js";
import { Overlay } from "./vpn-overlay.js";

// Both families inside; one client has a fixed address of IPv4, one of IPv6, and two have none.
const vpn = vpnOf(`
name: overlay
pool: [10.100.0.0/16, "fd00:100::/64"]
servers:
  - { name: vpn-a, address: 203.0.113.10, clients: [10.100.100.0/24, "fd00:100::a:0:0/96"], backbone: 10.200.200.1, management: { socket: /run/openvpn/a.sock } }
  - { name: vpn-b, address: 203.0.113.20, clients: [10.100.101.0/24, "fd00:100::b:0:0/96"], backbone: 10.200.200.2, management: { port: 5656 } }
clients:
  - { name: four, address: 10.100.200.1 }
  - { name: six, address: "fd00:100::c8:6" }
`);
const patience = { timeout: 25_000, interval: 50 };

let overlay: Overlay;
let server: Sandbox;
const clients = new Map<string, Sandbox>();

beforeAll(async () => {
  overlay = await Overlay.open(vpn);
  server = await overlay.server("vpn-a", ["openvpn"]);
  for (const [index, name] of ["four", "six", "any1", "any2"].entries())
    clients.set(name, await overlay.client(name, `203.0.113.${101 + index}/24`, "vpn-a"));
}, 60_000);

afterAll(async () => {
  await overlay?.[Symbol.asyncDispose]();
});

/** Addresses of a client's device, in their order. */
async function addressesOf(name: string): Promise<string[]> {
  const { stdout = "" } =
    (await clients.get(name)?.run(["ip", "-oneline", "address", "show", "dev", "tun0", "scope", "global"])) ??
    {};
  return [...stdout.matchAll(/inet6? ([0-9a-f.:]+)/g)].map(([, address = ""]) => address).sort();
}

test("a client has the addresses that are fixed, of IPv6 one of the server's range, and no address of another's", async () => {
  await expect.poll(() => addressesOf("four"), patience).toEqual(["10.100.200.1"]);
  await expect.poll(async () => (await addressesOf("six")).length, patience).toBe(2);
  expect(await addressesOf("six")).toEqual([expect.stringMatching(/^10\.100\.100\./), "fd00:100::c8:6"]);
  for (const name of ["any1", "any2"])
    await expect.poll(async () => (await addressesOf(name)).length, patience).toBe(2);
  const all = (await Promise.all([...clients.keys()].map(addressesOf))).flat();
  expect(new Set(all).size).toBe(all.length);
  for (const address of all.filter((each) => /^(10\.100\.100\.|fd00:100::a:)/.test(each)))
    await server.must("ping", "-c", "1", "-W", "2", address);
});
