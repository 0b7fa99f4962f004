import { expect, test } from "vitest";
import { devices, type Link, parseLinks } from "../../src/preflight/devices.js";
import { path, pathsToPeers, wholeData } from "../../src/preflight/path.js";
import { shown, subject } from "./subject.js";

const { cluster, node } = subject("pair");

/** Of iproute2 6.1 on Debian 12, shortened to what is read and some of what is not. */
const said = JSON.stringify([
  { ifindex: 1, ifname: "lo", flags: ["LOOPBACK", "UP", "LOWER_UP"], mtu: 65536, addr_info: [] },
  {
    ...{ ifindex: 2, link_index: 9, ifname: "eth1", flags: ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"] },
    ...{ mtu: 1500, qdisc: "noqueue", operstate: "UP", link_type: "ether", address: "02:68:66:00:00:01" },
    addr_info: [
      { family: "inet", local: "10.0.1.2", prefixlen: 24, scope: "global", label: "eth1" },
      { family: "inet6", local: "fe80::68:66ff:fe00:1", prefixlen: 64, scope: "link" },
    ],
  },
  {
    ifindex: 3,
    ifname: "eth2",
    flags: ["NO-CARRIER", "BROADCAST", "UP"],
    mtu: 1500,
    address: "02:00:00:00:00:02",
  },
  { ifindex: 4, ifname: "eth3", flags: ["BROADCAST", "MULTICAST"], mtu: 1500, address: "02:00:00:00:00:03" },
]);
const links = parseLinks(said);
const up = (name: string, ...addresses: string[]): Link => ({
  ...{ index: 2, name, up: true, carrier: true, mtu: 1500, mac: "", addresses },
});

test("a device is fine, without carrier, down, or not there at all", () => {
  expect(shown(devices(cluster, node, links))).toEqual([
    "ok eth1 (switches): up, with carrier and 10.0.1.2/24, fe80::68:66ff:fe00:1/64, MTU 1500",
    "error eth2 (controllers): no carrier: nothing is at the other end -> look at the cable and the switch port",
    "error eth3 (management): the device is down -> ip link set eth3 up, and see that it is at boot",
  ]);
  expect(shown(devices(cluster, node, links.slice(0, 2)))[1]).toBe(
    "error eth2 (controllers): this node has no device eth2; it has eth1 -> name the device in the topology as 'ip link' does",
  );
});

test("an address that is not there is told from one with another prefix", () => {
  const [none] = devices(cluster, node, [up("eth1", "10.0.1.9/24")]);
  expect(none?.text).toBe("its address 10.0.1.2/24 is not there, but 10.0.1.9/24");
  const [other] = devices(cluster, node, [up("eth1", "10.0.1.2/25")]);
  expect(other?.text).toBe(
    "its address is 10.0.1.2/25, not 10.0.1.2/24: part of the network would not be reached directly",
  );
});

test("an MTU other than the topology's is a warning: an apply sets it, but no switch between", () => {
  const jumbo = subject("pair", [
    "switches:    { cidr: 10.0.1.0/24,",
    "switches:    { mtu: 9000, cidr: 10.0.1.0/24,",
  ]);
  const [found] = devices(jumbo.cluster, jumbo.node, [up("eth1", "10.0.1.2/24")]);
  expect(found).toMatchObject({ status: "warning", text: "its MTU is 1500, the topology's 9000" });
  expect(devices(jumbo.cluster, jumbo.node, [{ ...up("eth1", "10.0.1.2/24"), mtu: 9000 }])[0]?.status).toBe(
    "ok",
  );
});

test("whole packets go to each peer from addresses that are there, with both headers counted", () => {
  const ways = pathsToPeers(cluster, node, links);
  expect(ways.map(({ network, peer, own, address }) => [network, peer, own, address])).toEqual([
    ["switches", "lb-b", "10.0.1.2", "10.0.1.3"],
  ]);
  const [way] = ways;
  if (way === undefined) throw new Error("no way");
  expect(wholeData(way)).toBe(1472);
  expect(wholeData({ ...way, family: 6 })).toBe(1452);
  expect(shown([path(way, { small: true, whole: true })])).toEqual([
    "ok switches: lb-b (10.0.1.3): packets of 1500 bytes pass",
  ]);
  expect(path(way, { small: true, whole: false })).toMatchObject({ status: "error" });
  expect(path(way, { small: false, whole: false })).toMatchObject({
    status: "warning",
    text: "lb-b does not answer ping from 10.0.1.2",
  });
});
