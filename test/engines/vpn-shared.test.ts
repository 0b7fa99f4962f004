import { setTimeout as pass } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { vpnOf } from "../topology/vpn-networks.js";
import type { Sandbox } from "./sandbox.js";
import { logOf, Overlay, passwordFile } from "./vpn-overlay.js";
import { VpnWatches } from "./vpn-watches.js";

// One certificate for many, and one with a fixed address.
const vpn = vpnOf(`
name: overlay
pool: [10.100.0.0/16, "fd00:100::/64"]
servers:
  - { name: vpn-a, address: 203.0.113.10, clients: [10.100.100.0/24, "fd00:100::a:0:0/96"], backbone: 10.200.200.1, management: { socket: /run/openvpn/a.sock, password_file: ${passwordFile} } }
  - { name: vpn-b, address: 203.0.113.20, clients: [10.100.101.0/24, "fd00:100::b:0:0/96"], backbone: 10.200.200.2, management: { port: 5656, password_file: ${passwordFile} } }
clients:
  - { name: fixed, address: [10.100.200.1, "fd00:100::c8:1"] }
duplicate_cn: true
`);
const patience = { timeout: 25_000, interval: 50 };
const fixed = "10.100.200.1";

let overlay: Overlay;
let watches: VpnWatches;
let a: Sandbox;
let b: Sandbox;

beforeAll(async () => {
  watches = await VpnWatches.prepare(vpn);
  overlay = await Overlay.open(vpn);
  [a, b] = [await overlay.server("vpn-a"), await overlay.server("vpn-b")];
  watches.start(a, "vpn-a");
  watches.start(b, "vpn-b");
}, 60_000);

afterAll(async () => {
  await overlay?.[Symbol.asyncDispose]();
  await watches?.[Symbol.asyncDispose]();
});

/** A client's addresses in the network, IPv4 first; none yet where it has no device. */
const addressesOf = async ({ run }: Sandbox): Promise<string[]> => {
  const { stdout } = await run(["ip", "-o", "address", "show", "dev", "tun0", "scope", "global"]);
  return [...stdout.matchAll(/inet6? ([0-9a-f.:]+)\//g)].map(([, address = ""]) => address);
};
const joined = async (machine: Sandbox): Promise<string[]> => {
  await expect.poll(() => addressesOf(machine), patience).toHaveLength(2);
  return addressesOf(machine);
};
const reaches = async ({ run }: Sandbox, address: string): Promise<boolean> =>
  (await run(["ping", "-c", "1", "-W", "1", address])).exitCode === 0;
/** Echo requests that a machine has heard (RFC 2011, icmpInEchos). */
const echoesAt = async ({ must }: Sandbox): Promise<number> => {
  const [names = [], values = []] = (await must("cat", "/proc/net/snmp"))
    .split("\n")
    .filter((line) => line.startsWith("Icmp: "))
    .map((line) => line.split(" "));
  return Number(values[names.indexOf("InEchos")]);
};
const clientsOf = async (server: Sandbox) => (await watches.report(server))?.clients ?? [];
const sessionsOf = async (server: Sandbox) =>
  new Map((await clientsOf(server)).map(({ destination, session }) => [destination, session]));
const events = async ({ run }: Sandbox) => (await run(["cat", "/run/events.log"])).stdout;
const routesOf = ({ must }: Sandbox) => must("ip", "route", "show", "proto", "111");

describe("clients that share a certificate", { sequential: true }, () => {
  test("each have addresses of their own, and reach each other on one server and on two", async () => {
    const there: Sandbox[] = [];
    for (const [last, first] of [
      [101, "vpn-a"],
      [102, "vpn-a"],
      [103, "vpn-b"],
    ] as const)
      there.push(await overlay.client("laptop", `203.0.113.${last}/24`, first));
    const own: string[][] = [];
    for (const machine of there) own.push(await joined(machine));
    expect(new Set(own.flat()).size).toBe(6);
    for (const machine of there)
      for (const address of own.flat())
        await expect.poll(() => reaches(machine, address), { ...patience, message: address }).toBe(true);

    const [one = [], other = []] = own;
    const sessions = await sessionsOf(a);
    const [first, second] = [one, other].map((pair) =>
      pair.map((address) => sessions.get(`${address}/${address.includes(":") ? 128 : 32}`)),
    );
    expect(first?.[0]).toBe(first?.[1]);
    expect(second?.[0]).toBe(second?.[1]);
    expect(first?.[0]).not.toBe(second?.[0]);
    expect((await clientsOf(b)).map(({ name }) => name)).toEqual(["laptop", "laptop"]);

    await overlay.disconnect(there[0] as Sandbox, "laptop", "TERM");
    await expect
      .poll(async () => [...(await sessionsOf(a)).keys()].sort(), patience)
      .toEqual(other.map((address) => `${address}/${address.includes(":") ? 128 : 32}`).sort());
    expect(await reaches(there[2] as Sandbox, other[0] ?? "")).toBe(true);
  });

  test("with a fixed address are one: the newest login wins it, and keeps it on another server too", async () => {
    // It waits for its server for ever, so that it logs in once, however busy this computer is.
    const waits = 'pull-filter ignore "ping-restart"\n';
    const old = await overlay.client("fixed", "203.0.113.104/24", "vpn-a", waits);
    await joined(old);
    const asks = await overlay.client("asks", "203.0.113.106/24", "vpn-b");
    await joined(asks);
    await expect.poll(() => reaches(asks, fixed), patience).toBe(true);

    const next = await overlay.client("fixed", "203.0.113.105/24", "vpn-a");
    await joined(next);
    const heard = async () => [await echoesAt(old), await echoesAt(next)] as const;
    await expect.poll(() => reaches(asks, fixed), patience).toBe(true);
    const before = await heard();
    expect(await reaches(asks, fixed)).toBe(true);
    const after = await heard();
    expect([after[0] - before[0], after[1] - before[1]]).toEqual([0, 1]);

    const logins = (await old.must("cat", logOf("fixed"))).split("Peer Connection Initiated").length;

    await overlay.disconnect(next, "fixed", "KILL");
    await overlay.prefer(next, "fixed", "vpn-b");
    overlay.connect(next, "fixed");
    await expect.poll(() => routesOf(b), patience).toContain(`${fixed} dev tun0`);
    await expect.poll(() => routesOf(a), patience).toBe("");
    await expect.poll(() => reaches(asks, fixed), patience).toBe(true);
    // Longer than it takes to count whoever is left there, and than OpenVPN waits for whoever says nothing.
    await pass(7_000);
    expect(await routesOf(a)).toBe("");
    expect((await old.must("cat", logOf("fixed"))).split("Peer Connection Initiated")).toHaveLength(logins);
    expect(await events(b)).not.toContain("is ended");
    expect(await reaches(asks, fixed)).toBe(true);
  });
});
