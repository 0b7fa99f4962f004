import { expect, test } from "vitest";
import { booleanIn, readIni } from "../../src/preflight/ini.js";
import { type Networkd, networkd, networkdFiles } from "../../src/preflight/networkd.js";
import {
  type OtherManagers,
  otherManagers,
  parseInterfaces,
  parseNmcli,
} from "../../src/preflight/other-managers.js";
import { shown, subject } from "./subject.js";

/** A device's state as systemd 252 writes it. */
const state = `# This is private data. Do not parse.
ADMIN_STATE=configured
OPER_STATE=routable
CARRIER_STATE=carrier
ADDRESS_STATE=routable
IPV4_ADDRESS_STATE=routable
NETWORK_FILE=/run/systemd/network/10-netplan-eth1.network
NETWORK_FILE_DROPINS="/etc/systemd/network/10-netplan-eth1.network.d/a.conf /run/systemd/network/10-netplan-eth1.network.d/b.conf"
DNS=
`;

test("a device's files are read from networkd's own state, and a device that it leaves alone has none", () => {
  expect(networkdFiles(state)).toEqual({
    file: "/run/systemd/network/10-netplan-eth1.network",
    dropIns: [
      "/etc/systemd/network/10-netplan-eth1.network.d/a.conf",
      "/run/systemd/network/10-netplan-eth1.network.d/b.conf",
    ],
  });
  expect(networkdFiles("ADMIN_STATE=unmanaged\nOPER_STATE=carrier\n")).toBeNull();
  expect(networkdFiles('ADMIN_STATE=configured\nNETWORK_FILE=/a.network\nNETWORK_FILE_DROPINS=""\n')).toEqual(
    {
      file: "/a.network",
      dropIns: [],
    },
  );
});

test("of several files the last one's key counts, in its own section, whatever stands in comments", () => {
  const ini = readIni([
    "[Match]\nName=eth1\n\n[Network]\nDHCP=no\nKeepConfiguration = no\n# KeepConfiguration=yes\n",
    "[DHCPv4]\nKeepConfiguration=yes\n[Network]\n; x\nKeepConfiguration=static\n",
  ]);
  expect(ini.get("Network.KeepConfiguration")).toBe("static");
  expect(ini.get("DHCPv4.KeepConfiguration")).toBe("yes");
  expect(["yes", "on", "1", "True", "no", "off", "static", undefined].map(booleanIn)).toEqual([
    ...[true, true, true, true, false, false, null, null],
  ]);
});

/** As netplan writes it (Ubuntu 24.04). */
const netplan = `[Match]
Name=eth1

[Network]
LinkLocalAddressing=ipv6
Address=10.0.1.2/24
`;
const conf = "[Network]\nManageForeignRoutes=no\nManageForeignRoutingPolicyRules=no\n";
const links = (keep: string | null, device = "eth1"): Networkd => ({
  links: [
    {
      device,
      file: `/run/systemd/network/10-netplan-${device}.network`,
      texts: [netplan, ...(keep === null ? [] : [`[Network]\nKeepConfiguration=${keep}\n`])],
    },
  ],
  conf: [conf],
});

test("a device with virtual IPs must keep what is not networkd's, and the cure names the drop-in", () => {
  const { cluster, node } = subject("pair");
  const cure =
    'write "[Network]" and "KeepConfiguration=static" into /etc/systemd/network/10-netplan-eth1.network.d/50-virtual-ips.conf, then systemctl restart systemd-networkd';
  expect(networkd(cluster, node, links(null))).toMatchObject([{ status: "error", cure }]);
  for (const bad of ["no", "dhcp", "dhcp-on-stop", "dynamic"])
    expect(networkd(cluster, node, links(bad))).toMatchObject([{ status: "error" }]);
  for (const good of ["static", "yes", "true"])
    expect(networkd(cluster, node, links(good))).toMatchObject([{ status: "ok" }]);
  expect(networkd(cluster, node, links(null, "eth3"))).toMatchObject([{ status: "ok" }]);
  expect(networkd(cluster, node, { links: [], conf: [] })).toEqual([]);
});

test("its routes go unless networkd.conf says otherwise, where the topology has any", () => {
  const { cluster, node } = subject("campus-routed");
  const said = (...texts: string[]) => networkd(cluster, node, { ...links("static"), conf: texts });
  expect(said(conf, "[Network]\n#x\nManageForeignRoutes=yes\n")).toMatchObject([
    { status: "error", place: "networkd.conf" },
  ]);
  expect(said("[Network]\nManageForeignRoutes=yes\n", conf)).toMatchObject([{ status: "ok" }]);
  expect(networkd({ ...cluster, routes: [] }, node, { ...links("static"), conf: [conf] })).toMatchObject([
    { status: "ok" },
  ]);
});

test("its rule goes likewise: an error where a service needs it, and a warning elsewhere, for status misses it", () => {
  const { cluster, node } = subject("pair");
  const found = (services = cluster.services) =>
    networkd({ ...cluster, services }, node, { ...links("static"), conf: [] });
  expect(found()).toMatchObject([{ status: "warning", place: "networkd.conf" }]);
  expect(found()[0]?.cure).toMatch(
    /ManageForeignRoutingPolicyRules=no" .* systemctl restart systemd-networkd$/,
  );
  const transparent = cluster.services.map((service) => ({ ...service, transparent: true }));
  expect(found(transparent)).toMatchObject([{ status: "error", place: "networkd.conf" }]);
});

const nobody: OtherManagers = { networkManager: null, interfaces: [], dhcpClients: [], dhcpcdConf: "" };

test("NetworkManager's devices, ifupdown's and the DHCP clients' are told, and nobody's are fine", () => {
  const { node } = subject("pair");
  expect(otherManagers(node, nobody)).toEqual([]);
  const found = otherManagers(node, {
    networkManager:
      "eth1:connected\neth2:unmanaged\neth3:connected (externally)\nlo:connected (externally)\n",
    interfaces: [
      "auto lo\niface lo inet loopback\n\nauto eth2\niface eth2 inet dhcp\n\niface eth3 inet static\n    address 10.0.9.2/24\n",
    ],
    dhcpClients: [
      ["/sbin/dhclient", "-4", "-v", "eth2"],
      ["dhcpcd:", "-b", "-q"],
    ],
    dhcpcdConf: "# denyinterfaces eth9\ndenyinterfaces eth1 eth2\n",
  });
  expect(shown(found).map((line) => line.replace(/ -> .*/, ""))).toEqual([
    "error eth1: NetworkManager manages eth1 (connected): when it connects the device anew, the virtual IPs and routes go",
    "warning eth2: /etc/network/interfaces: its address comes by dhcp, and may become another",
    "warning eth2: dhclient asks for a lease on eth2: it may give the device another address, and a default route",
    "warning eth3: dhcpcd asks for a lease on eth3: it may give the device another address, and a default route",
  ]);
});

test("device names with a colon and stanzas of every method are read", () => {
  expect([...parseNmcli("br0\\:1:connected\n\neth1:unavailable\n")]).toEqual([
    ["br0:1", "connected"],
    ["eth1", "unavailable"],
  ]);
  expect(
    parseInterfaces("  iface eth1 inet6 auto\n# iface eth2 inet dhcp\niface eth3 inet manual # x\n"),
  ).toEqual([
    { device: "eth1", method: "auto" },
    { device: "eth3", method: "manual" },
  ]);
});
