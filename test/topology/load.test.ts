import { expect, test } from "vitest";
import { loadTopology } from "../../src/topology/load.js";
import { edited, example, shown } from "./examples.js";

test.each(["pair", "campus-routed", "dual-stack", "by-turns", "shared-master"])(
  "the example %s is valid and has one warning",
  (name) => {
    const { cluster, problems } = loadTopology(example(name));
    expect(problems.map(({ rule, severity }) => [rule, severity])).toEqual([
      ["sub-second-adverts", "warning"],
    ]);
    expect(cluster).not.toBeNull();
  },
);

test("the example overlay, of VPN servers alone, is valid and has no warning", () => {
  const { cluster, problems } = loadTopology(example("overlay"));
  expect(problems).toEqual([]);
  expect(cluster).toMatchObject({ networks: [], nodes: [], virtualIps: [], agent: { network: null } });
  expect(cluster?.vpn?.servers.map(({ name }) => name)).toEqual(["vpn-a", "vpn-b"]);
});

test("VPN servers may stand beside load balancers, which have every warning that they have alone", () => {
  const { cluster, problems } = loadTopology(both());
  expect(problems.map(({ rule }) => rule)).toEqual(["sub-second-adverts"]);
  expect(cluster?.nodes).toHaveLength(2);
  expect(cluster?.vpn?.servers).toHaveLength(2);
});

test.each([["networks"], ["nodes"], ["virtual_ips"]])(
  "a topology without %s is told so, beside whatever else is wrong",
  (key) => {
    const text = without(edited("pair", ["mode: proxy", "mode: router"]), key);
    expect(shown(text)).toEqual([
      `4:1 ${key}: is missing`,
      expect.stringMatching(/services\[0\]\.mode: must be proxy or nat/),
    ]);
    expect(shown(without(both(), key))).toEqual([`4:1 ${key}: is missing`]);
  },
);

test("a topology without anything is told all that is missing", () => {
  expect(shown("cluster: campus\n")).toEqual([
    "1:1 networks: is missing",
    "1:1 nodes: is missing",
    "1:1 virtual_ips: is missing",
  ]);
  expect(shown("cluster: campus\nnodes: []\nvpn: {}\n")).toEqual([
    "2:8 nodes: a cluster has at least two nodes",
    "3:6 vpn.name: is missing",
    "3:6 vpn.pool: is missing",
    "3:6 vpn.servers: is missing",
  ]);
});

test("what concerns load balancers has no place in a topology without any", () => {
  expect(shown(`${example("overlay")}agent: { network: management }\n`)).toEqual([
    "23:19 agent.network: no network is named management",
  ]);
});

/** The pair with the section `vpn` of the overlay. */
const both = () => `${example("pair")}${example("overlay").slice(example("overlay").indexOf("vpn:"))}`;

const without = (text: string, key: string): string =>
  text.replace(new RegExp(`^${key}:.*\n(?:[ #].*\n|\n)*`, "m"), "");

test("a slip in a key does not hide what is wrong with an address", () => {
  const text = edited("pair", ["10.0.1.3", "10.0.5.3"], ["    servers:", "    sevrers:"]);
  expect(shown(text)).toEqual([
    "19:45 nodes[1].interfaces.switches.address: 10.0.5.3 is outside 10.0.1.0/24 (network switches)",
    "37:5 services[0].sevrers: unknown key; did you mean `servers`?",
  ]);
});

test("problems behind a misspelt key are found at their own place", () => {
  const text = edited("pair", ["    servers:", "    sevrers:"], ["address: 10.0.2.12", "adress: 10.0.2.300"]);
  expect(shown(text)).toEqual([
    "37:5 services[0].sevrers: unknown key; did you mean `servers`?",
    "39:21 services[0].servers[1].adress: unknown key; did you mean `address`?",
    '39:29 services[0].servers[1].address: "10.0.2.300": not an IPv4 address',
  ]);
});

test("every problem is reported at once, in the order of the file", () => {
  const text = edited(
    "pair",
    ["cluster: campus", "cluster: Campus!"],
    ["profile: balanced", "profile: swift"],
    ["mode: proxy", "mode: router"],
  );
  expect(shown(text)).toEqual([
    '4:10 cluster: "Campus!" is not a name: 1 to 32 of a-z, 0-9 and `-`, beginning and ending with a letter or digit',
    "24:12 failover.profile: must be conservative, balanced or fast",
    "34:11 services[0].mode: must be proxy or nat",
  ]);
});

test.each([
  ["lo", "lo is the loopback device: no other machine hears what is sent there"],
  ["all", "all stands for every device under /proc/sys/net, so that Linux has no device of that name"],
  ["default", "default stands for new devices under /proc/sys/net, so that Linux has no device of that name"],
])("the device %s is refused with the reason", (device, reason) => {
  const text = edited("pair", ["eth3, address: 10.0.9.3", `${device}, address: 10.0.9.3`]);
  expect(shown(text)).toEqual([`21:30 nodes[1].interfaces.management.device: ${reason}`]);
});

test("what is missing is reported where it should stand", () => {
  const text = edited("pair", ["10.0.2.12, port: 6653 }", "10.0.2.12 }"]);
  expect(shown(text)).toEqual(["39:9 services[0].servers[1].port: is missing"]);
});

test("detection by BFD is refused with what is better", () => {
  const text = edited("pair", ["  preempt: false", "  bfd: true"]);
  expect(shown(text)).toEqual([
    expect.stringMatching(/^25:8 failover\.bfd: .*slower.*shorten advert_interval/),
  ]);
});
