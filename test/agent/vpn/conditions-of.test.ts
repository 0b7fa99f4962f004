import { expect, test } from "vitest";
import { conditionsOf, type VpnLook } from "../../../src/agent/vpn/conditions-of.js";
import { vpnServerNamed } from "../../../src/topology/vpn-select.js";
import { two, vpnOf } from "../../topology/vpn-networks.js";

const vpn = vpnOf(two);
const well: VpnLook = {
  ...{ running: true, link: null, waits: 0, hooks: null, routes: null, bird: null },
  ...{ peers: [], disputes: [], strays: [] },
};
const said = (changes: Partial<VpnLook>): string[] =>
  conditionsOf(vpn, vpnServerNamed(vpn, "vpn-a"), { ...well, ...changes }).map(({ text }) => text);

test("a management interface that does not say who is connected is named, with its reason", () => {
  expect(said({})).toEqual([]);
  expect(said({ link: "it refuses the password" })).toEqual([
    "OpenVPN's management interface does not say who is connected: it refuses the password",
  ]);
  expect(said({ link: "it refuses the password", waits: 1 })).toEqual([
    "it is not known who is connected: OpenVPN hangs, or serves another at its management interface",
  ]);
});

test("where OpenVPN does not run, its management interface is not to blame", () => {
  expect(said({ running: false, link: "it ended the connection" })).toEqual([
    "OpenVPN does not run: tun0 is not there",
  ]);
});

test("an address that is of another client on a server which is not heard is no news, and what the topology does not give is told", () => {
  const dispute = { destination: "10.100.200.1/32", name: "host1", server: "vpn-b", other: "host2" };
  const peer = { server: "vpn-b", imported: 0, refused: 0, prefixes: [] };
  const twice = "10.100.200.1/32 is of two clients: host1 here, and host2 on vpn-b";
  expect(said({ disputes: [dispute], peers: [{ ...peer, state: "Established" }] })).toContain(twice);
  expect(said({ disputes: [dispute], peers: [{ ...peer, state: "Active" }] })).not.toContain(twice);
  const stray = { destination: "10.100.200.9/32", name: "host1", since: 1, cid: 3, arrived: true };
  expect(said({ strays: [stray] })).toEqual([
    "host1 has 10.100.200.9/32, which the topology does not give it: nothing is routed there until it logs in anew",
  ]);
});
