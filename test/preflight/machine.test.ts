import { expect, test } from "vitest";
import { engines, enginesDiffer, enginesFound, versionIn } from "../../src/preflight/engines.js";
import { type KernelFacts, kernel } from "../../src/preflight/kernel.js";
import { ports } from "../../src/preflight/ports.js";
import { haproxy } from "../../src/render/haproxy.js";
import { shown, subject } from "./subject.js";

const { cluster, node } = subject("pair");

test.each([
  ["Keepalived v2.2.7 (01/16,2022)\n\nCopyright(C) 2001-2022", "2.2.7"],
  ["HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://haproxy.org/", "2.6.12-1+deb12u4"],
  ["iptables v1.8.9 (nf_tables)\n", "1.8.9 (nf_tables)"],
  ["iptables v1.8.9 (legacy)\n", "1.8.9 (legacy)"],
  ["Connection tracking userspace daemon v1.4.7. Licensed under GPLv2.", "1.4.7"],
  ["6.1.0-18-amd64\n", "6.1.0-18-amd64"],
  ["ip utility, iproute2-6.1.0, libbpf 1.1.0\n", "6.1.0"],
  ["v5.36.0", "5.36.0"],
  ["usage: something", null],
])("the version in %j", (said, version) => {
  expect(versionIn(said)).toBe(version);
});

const all = new Map(engines.map(({ name }) => [name, "1.0"]));

test("each engine that is missing is named with its package, and none that nobody needs", () => {
  expect(enginesFound(cluster, all).map(({ status }) => status)).toEqual(["ok"]);
  const without = new Map([...all].filter(([name]) => name !== "conntrackd" && name !== "ss"));
  expect(shown(enginesFound(cluster, without))).toEqual([
    "error conntrackd: conntrackd is not installed -> apt-get install conntrackd",
    "error ss: ss is not installed -> apt-get install iproute2",
  ]);
  const bare = { ...cluster, services: [], nat: { source: [], destination: [] } };
  expect(
    enginesFound(bare, new Map([...all].filter(([name]) => !name.startsWith("conntrack"))))[0]?.status,
  ).toBe("ok");
});

test("another version of an engine is a warning, of a tool none", () => {
  const first = { node: "lb-a", versions: { keepalived: "2.2.7", tcpdump: "4.99.3", haproxy: "2.6.12" } };
  const other = { node: "lb-b", versions: { keepalived: "2.3.1", tcpdump: "4.99.5" } };
  expect(enginesDiffer(first, other).map(({ status, text }) => `${status} ${text}`)).toEqual([
    "warning keepalived 2.3.1 here, 2.2.7 on lb-a",
  ]);
});

const fine: KernelFacts = {
  rules: [
    { family: 4, how: "loaded", refusal: null },
    { family: 6, how: "loaded", refusal: null },
  ],
  ...{ settings: null, conntrack: null, legacyTables: [], backend: "iptables v1.8.9 (nf_tables)" },
  ipv6: { present: true, disabledOn: [] },
};

test("what a kernel lacks is told in the engine's own words", () => {
  expect(kernel(cluster, node, fine).map(({ status }) => status)).toEqual(["ok"]);
  const words = "ip6tables-restore v1.8.9 (nf_tables): Couldn't load target `HMARK'";
  const lacking: KernelFacts = {
    ...fine,
    rules: [{ family: 6, how: "tested", refusal: words }],
    settings: "this kernel has no net.ipv4.ip_nonlocal_bind",
    conntrack: "conntrack v1.4.7 (conntrack-tools): Operation failed: Protocol not supported",
    legacyTables: ["filter"],
  };
  expect(kernel(cluster, node, lacking).map(({ status, place }) => `${status} ${place}`)).toEqual([
    "error ip6tables-restore",
    "error sysctl",
    "error nf_conntrack_netlink",
    "warning iptables",
  ]);
  expect(kernel(cluster, node, lacking)[0]?.text).toContain(words);
});

test("IPv6 is asked for only where the topology speaks it", () => {
  const without: KernelFacts = { ...fine, ipv6: { present: false, disabledOn: ["eth1"] } };
  expect(kernel(cluster, node, without)[0]?.status).toBe("ok");
  const dual = subject("dual-stack");
  expect(kernel(dual.cluster, dual.node, without)[0]?.place).toBe("IPv6");
  const [face] = dual.node.interfaces;
  const off: KernelFacts = { ...fine, ipv6: { present: true, disabledOn: [face?.device ?? ""] } };
  expect(kernel(dual.cluster, dual.node, off)[0]).toMatchObject({ status: "error", place: face?.device });
});

const cfg = haproxy.render(cluster, node);
const unseen = { agent: 36, mirror: null, haproxyCfg: "", conntrackd: false };
const tcp = (local: string, users: string) => `LISTEN 0      511      ${local} 0.0.0.0:* users:(${users})\n`;
const udp = (local: string, users: string) =>
  `UNCONN 0      0      ${local}  0.0.0.0:* users:(${users})      \n`;

test("the node's own programs are no strangers, also while one of them is just being started by the agent", () => {
  const listening = {
    tcp:
      tcp("10.0.9.2:7443", '("node",pid=203,fd=41),("node",pid=36,fd=41)') +
      tcp("10.0.1.100:6653", '("haproxy",pid=125,fd=6)'),
    udp: udp("10.0.9.2:7443", '("node",pid=36,fd=32)') + udp("10.0.9.2:3780", '("conntrackd",pid=121,fd=6)'),
    ...unseen,
  };
  expect(shown(ports(cluster, node, cfg, listening))).toEqual([
    "ok all: nobody else listens where the node's own programs will",
  ]);
});

test("whoever else listens on a service's, the agent's or the sync's port is named", () => {
  const listening = {
    tcp: tcp("*:6653", '("java",pid=9,fd=3)') + tcp("[::]:7443", '("nginx",pid=8,fd=3)'),
    udp:
      udp("0.0.0.0:7443", '("x",pid=7,fd=3)') +
      udp("0.0.0.0:3780", '("y",pid=6,fd=3)') +
      udp("0.0.0.0:53", '("z",pid=5,fd=1)'),
    ...unseen,
  };
  expect(ports(cluster, node, cfg, listening).map(({ text }) => text)).toEqual([
    "10.0.1.100:6653 is already in use by java (process 9)",
    "TCP port 7443 of the agents' API is in use by nginx (process 8) on [::]:7443",
    "UDP port 7443 of the agents' beats is in use by x (process 7) on 0.0.0.0:7443",
    "UDP port 3780, over which conntrackd speaks, is in use by y (process 6) on 0.0.0.0:3780",
  ]);
});

test("an agent that may not see who holds a socket knows its own engines by what they run with", () => {
  const tcp = "LISTEN 0      4096   10.0.1.100:6653 0.0.0.0:*    \n";
  const udp = "UNCONN 0      0      10.0.9.2:3780  0.0.0.0:*    \n";
  const found = (own: Partial<typeof unseen>) => ports(cluster, node, cfg, { ...unseen, tcp, udp, ...own });
  expect(found({ haproxyCfg: cfg, conntrackd: true }).map(({ status }) => status)).toEqual(["ok"]);
  expect(found({}).map(({ text }) => text)).toEqual([
    "10.0.1.100:6653 is already in use by another program",
    "UDP port 3780, over which conntrackd speaks, is in use by another program on 10.0.9.2:3780",
  ]);
});

test("the port of the nodes' copies is asked for where the topology mirrors, and is no stranger's with the agent's own child", () => {
  const mirrored = subject("campus-routed");
  const found = (users: string, mirror: number | null, of = mirrored) =>
    ports(of.cluster, of.node, "", {
      ...{ tcp: "", ...unseen, mirror },
      udp: `UNCONN 0      0      10.0.9.2:3788  0.0.0.0:* ${users}    \n`,
    }).map(({ status, text }) => `${status} ${text}`);
  const fine = ["ok nobody else listens where the node's own programs will"];
  const taken = "error UDP port 3788, over which the nodes say how far their copies are, is in use by";
  expect(found('users:(("node",pid=40,fd=20))', 40)).toEqual(fine);
  expect(found('users:(("x",pid=7,fd=3))', 40)).toEqual([`${taken} x (process 7) on 10.0.9.2:3788`]);
  expect(found('users:(("node",pid=40,fd=20))', null)).toEqual([
    `${taken} node (process 40) on 10.0.9.2:3788`,
  ]);
  // An agent that may not see who holds a socket knows whether it mirrors.
  expect(found("", 40)).toEqual(fine);
  expect(found("", null)).toEqual([`${taken} another program on 10.0.9.2:3788`]);
  expect(found('users:(("x",pid=7,fd=3))', null, { cluster, node })).toEqual(fine);
});
