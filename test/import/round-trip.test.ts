import { expect, test } from "vitest";
import { importPair } from "../../src/import/import.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { exampleCluster, examples } from "../render/examples.js";
import { renderedPair } from "./pairs.js";

test.each(examples)("what holdfast renders of %s is imported as the same cluster again", (name) => {
  const cluster = exampleCluster(name);
  const { topology } = importPair(renderedPair(cluster, { addresses: true }));
  const again = loadTopology(topology ?? "");
  expect(again.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(comparable(again.cluster as Cluster)).toEqual(comparable(cluster));
});

test("of the pair nothing is lost and nothing has to be looked at", () => {
  const { findings } = importPair(renderedPair(exampleCluster("pair"), { addresses: false }));
  expect(findings.filter(({ kind }) => kind !== "replaced")).toEqual([]);
});

/** Without what no engine's file says: names of networks and virtual IPs, routers, routes, what only agents read. */
function comparable({ failover, virtualIps, networks, nodes, services, nat, name }: Cluster) {
  const cidrOf = (network: string): string =>
    networks
      .find((each) => each.name === network)
      ?.cidrs.map(({ address }) => address)
      .join() ?? "";
  const addressesOf = (virtualIp: string) => virtualIps.find((each) => each.name === virtualIp)?.addresses;
  return {
    name,
    failover: { ...failover, profile: null, preemptDelay: null, witnesses: null },
    virtualIps: virtualIps.flatMap(({ network, addresses }) =>
      addresses.map(({ address, prefix }) => `${cidrOf(network)} ${address}/${prefix}`),
    ),
    networks: networks.map(({ cidrs, virtualRouterId }) => ({ cidrs, virtualRouterId })),
    nodes: nodes.map(({ interfaces, ...node }) => ({
      ...node,
      interfaces: interfaces.map(({ network, ...face }) => ({ ...face, on: cidrOf(network) })),
    })),
    services: services
      .map(({ listen, ...service }) => ({
        ...service,
        mirror: null,
        at: addressesOf(listen.virtualIp),
        port: listen.port,
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    destination: nat.destination.map(({ inbound, ...rule }) => ({ ...rule, on: cidrOf(inbound) })),
    // Each family has a file of its own, so that the order between families is not in them.
    source: nat.source
      .flatMap(({ from, outbound, translateTo }) =>
        from.map(({ family, address, prefix }) => ({
          family,
          from: `${address}/${prefix}`,
          on: cidrOf(outbound),
          to: translateTo.find((each) => each.family === family)?.address,
        })),
      )
      .sort((a, b) => a.family - b.family),
  };
}
