import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { agentAddresses } from "../../src/fleet/agent-addresses.js";
import { loadTopology } from "../../src/topology/load.js";
import { whereabouts } from "../../src/topology/whereabouts.js";

const text = readFileSync(new URL("../../examples/pair.yaml", import.meta.url), "utf8");

const addresses = (edited: string) => {
  expect(loadTopology(edited).cluster).toBeNull();
  const cluster = whereabouts(edited);
  return cluster?.nodes.map(({ name }) => agentAddresses(name, [cluster])[0]?.host) ?? null;
};

test.each([
  ["a service without its value", text.replace("balance: source", "balance:")],
  ["a server on an address of a node", text.replace("10.0.2.13", "10.0.2.2")],
  [
    "a service of an unknown virtual IP",
    text.replace("{ virtual_ip: controller-ip, port", "{ virtual_ip: x, port"),
  ],
  ["no virtual IP at all", text.replace(/virtual_ips:\n(?: +- .*\n)+/, "")],
  ["a misspelt key", text.replace("services:", "sevrices:")],
])("a topology with %s still says where its nodes are", (_what, edited) => {
  expect(addresses(edited)).toEqual(["10.0.9.2", "10.0.9.3"]);
});

test.each([
  ["what is no YAML", text.replace("nodes:", "nodes: {")],
  ["no name", text.replace("cluster: campus", "cluster:")],
  ["nodes at one address", text.replace("10.0.9.3", "10.0.9.2")],
])("a topology with %s does not", (_what, edited) => {
  expect(addresses(edited)).toBeNull();
});
