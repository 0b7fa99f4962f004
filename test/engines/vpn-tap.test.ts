import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { vpnOf } from "../topology/vpn-networks.js";
import type { Sandbox } from "./sandbox.js";
import { Overlay, passwordFile } from "./vpn-overlay.js";
import { VpnWatches } from "./vpn-watches.js";

const vpn = vpnOf(`
name: overlay
pool: [10.100.0.0/16, "fd00:100::/64"]
servers:
  - { name: vpn-a, address: 203.0.113.10, device: tap0, clients: [10.100.100.0/24, "fd00:100::a:0:0/96"], backbone: 10.200.200.1, management: { socket: /run/openvpn/a.sock, password_file: ${passwordFile} } }
  - { name: vpn-b, address: 203.0.113.20, device: tap0, clients: [10.100.101.0/24, "fd00:100::b:0:0/96"], backbone: 10.200.200.2, management: { port: 5656, password_file: ${passwordFile} } }
`);
const patience = { timeout: 25_000, interval: 50 };

let overlay: Overlay;
let watches: VpnWatches;
const servers: Sandbox[] = [];
const clients: Sandbox[] = [];

beforeAll(async () => {
  watches = await VpnWatches.prepare(vpn);
  overlay = await Overlay.open(vpn);
  for (const name of ["vpn-a", "vpn-b"]) {
    const server = await overlay.server(name);
    watches.start(server, name);
    servers.push(server);
  }
  for (const [last, first] of [
    [101, "vpn-a"],
    [102, "vpn-a"],
    [103, "vpn-b"],
  ] as const)
    clients.push(await overlay.client(`c${last}`, `203.0.113.${last}/24`, first));
}, 60_000);

afterAll(async () => {
  await overlay?.[Symbol.asyncDispose]();
  await watches?.[Symbol.asyncDispose]();
});

/** A client's addresses in the network, IPv4 first; none yet where it has no device. */
const addressesOf = async ({ run }: Sandbox): Promise<string[]> => {
  const { stdout } = await run(["ip", "-o", "address", "show", "dev", "tap0", "scope", "global"]);
  return [...stdout.matchAll(/inet6? ([0-9a-f.:]+)\//g)].map(([, address = ""]) => address);
};
const reaches = async ({ run }: Sandbox, address: string): Promise<boolean> =>
  (await run(["ping", "-c", "1", "-W", "1", address])).exitCode === 0;

describe("clients on tap, two on one server and one on another", { sequential: true }, () => {
  let own: string[][] = [];

  test("reach each other by both families", async () => {
    for (const machine of clients) await expect.poll(() => addressesOf(machine), patience).toHaveLength(2);
    own = await Promise.all(clients.map(addressesOf));
    for (const machine of clients)
      for (const address of own.flat())
        await expect.poll(() => reaches(machine, address), { ...patience, message: address }).toBe(true);
  });

  test("are known to the server that they are on, by the addresses that it gave them", async () => {
    const listed = async (server: Sandbox | undefined) =>
      server &&
      (await watches.report(server))?.clients.map(({ name, destination }) => `${name} ${destination}`);
    const expected = ([four, six]: string[] = [], name = "") => [`${name} ${four}/32`, `${name} ${six}/128`];
    await expect
      .poll(async () => (await listed(servers[0]))?.sort(), patience)
      .toEqual([...expected(own[0], "c101"), ...expected(own[1], "c102")].sort());
    await expect
      .poll(async () => (await listed(servers[1]))?.sort(), patience)
      .toEqual(expected(own[2], "c103").sort());
  });

  test("hear broadcasts of those on their own server, and of nobody on another", async () => {
    const [one, beside, far] = clients as [Sandbox, Sandbox, Sandbox];
    for (const { start } of [beside, far]) start("/usr/bin/python3", "-c", hears);
    for (const { must } of [beside, far])
      await must("sh", "-c", "until test -e /run/heard; do sleep 0.05; done");
    const heard = ({ must }: Sandbox) => must("cat", "/run/heard");
    const calls = async () => {
      await one.must("/usr/bin/python3", "-c", calling);
      return heard(beside);
    };
    await expect.poll(calls, patience).toContain("called");
    // Once more: it has been heard on one side, and would have been by now on the other.
    await calls();
    expect(await heard(far)).toBe("");
  });
});

const hears = `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("", 9999)); f = open("/run/heard", "w")
while True: print(s.recv(99).decode(), file=f, flush=True)`;

const calling = `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"tap0"); s.sendto(b"called", ("255.255.255.255", 9999))`;
