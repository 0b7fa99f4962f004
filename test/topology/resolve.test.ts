import { expect, test } from "vitest";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { edited, example } from "./examples.js";

const cluster = (text: string): Cluster => {
  const loaded = loadTopology(text).cluster;
  if (loaded === null) throw new Error("not valid");
  return loaded;
};

test("defaults are filled in", () => {
  const { failover, sync, agent, services, networks, nodes } = cluster(example("pair"));
  expect(failover).toEqual({
    profile: "balanced",
    advertInterval: 100,
    downAdverts: 3,
    preempt: false,
    preemptDelay: 10_000,
    witnesses: [],
  });
  expect(sync.networks).toEqual(["management"]);
  expect(agent).toEqual({ port: 7443, network: "management", heal: "report" });
  expect(nodes.map(({ priority }) => priority)).toEqual([254, 253]);
  expect(networks.map(({ virtualRouterId }) => virtualRouterId)).toEqual([51, 52, null]);
  expect(services[0]).toMatchObject({
    balance: "source",
    transparent: false,
    healthCheck: {
      type: "openflow",
      interval: 1000,
      timeout: 1000,
      rise: 2,
      fall: 3,
      openflowVersions: ["1.0", "1.3"],
    },
    servers: [{ weight: 1, backup: false }, {}, {}],
  });
});

test.each([
  ["conservative", 1000],
  ["balanced", 100],
  ["fast", 20],
])("the profile %s adverts every %d ms", (profile, interval) => {
  expect(cluster(edited("pair", ["profile: balanced", `profile: ${profile}`])).failover.advertInterval).toBe(
    interval,
  );
});

test("an advert interval that is written wins over the profile's", () => {
  expect(cluster(example("dual-stack")).failover).toMatchObject({
    profile: "conservative",
    advertInterval: 500,
    preempt: true,
  });
});

test.each(["5ms", "15ms", "41s", "1m"])("an advert interval of %s is refused", (interval) => {
  expect(
    loadTopology(edited("pair", ["profile: balanced", `advert_interval: ${interval}`])).cluster,
  ).toBeNull();
});

test("a health check waits 1 s, or its interval if that is less", () => {
  const { services } = cluster(edited("pair", ["interval: 1s", "interval: 200ms"]));
  expect(services[0]?.healthCheck.timeout).toBe(200);
});

test("nodes are preferred in the order of the file", () => {
  expect(cluster(example("dual-stack")).nodes.map(({ name, priority }) => [name, priority])).toEqual([
    ["lb-a", 254],
    ["lb-b", 253],
    ["lb-c", 189],
  ]);
});

test("IPv4 comes first, whatever the order of the file", () => {
  const text = edited("dual-stack", [
    '[10.20.1.101, "2001:db8:20:1::101"]',
    '["2001:db8:20:1:0::101", 10.20.1.101]',
  ]);
  expect(cluster(text).virtualIps[1]?.addresses).toEqual([
    { family: 4, address: "10.20.1.101", prefix: 24 },
    { family: 6, address: "2001:db8:20:1::101", prefix: 64 },
  ]);
});

test("a route and a witness know the network that leads to them", () => {
  const { routes, failover } = cluster(example("dual-stack"));
  expect(routes.map(({ network }) => network)).toEqual(["access", "access"]);
  expect(failover.witnesses).toEqual([
    { address: "10.20.1.5", network: "access" },
    { address: "10.20.1.1", network: "access" },
  ]);
});

test("a source translation keeps the families that it can translate", () => {
  const { source } = cluster(example("dual-stack")).nat;
  expect(source.map(({ from, translateTo }) => [from.map(({ family }) => family), translateTo])).toEqual([
    [[4], [{ family: 4, address: "10.20.2.30" }]],
    [[6], [{ family: 6, address: "2001:db8:20:1::101" }]],
    [
      [4, 6],
      [
        { family: 4, address: "10.20.1.100" },
        { family: 6, address: "2001:db8:20:1::100" },
      ],
    ],
  ]);
});

test("without a network named management the nodes talk on the last one", () => {
  const text = example("pair").replaceAll(/\bmanagement:/g, "backbone:");
  expect(cluster(text).sync.networks).toEqual(["backbone"]);
});
