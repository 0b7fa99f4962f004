import { expect, test } from "vitest";
import { conditionsOf, type VpnLook } from "../../../src/agent/vpn/conditions-of.js";
import { vpnServerNamed } from "../../../src/topology/vpn-select.js";
import { two, vpnOf } from "../../topology/vpn-networks.js";

const vpn = vpnOf(two);
const well: VpnLook = {
  ...{ running: true, link: null, waits: 0, hooks: null, routes: null, bird: null },
  ...{ peers: [], disputes: [] },
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
