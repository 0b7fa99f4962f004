import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ownNames } from "../../../src/agent/daemon/own-names.js";
import { loadTopology } from "../../../src/topology/load.js";

const clusterOf = (name: string) => {
  const { cluster } = loadTopology(
    readFileSync(new URL(`../../../examples/${name}.yaml`, import.meta.url), "utf8"),
  );
  if (cluster === null) throw new Error(name);
  return cluster;
};
const local = ["localhost", "127.0.0.1", "::1"];

test("a node goes by its name, its addresses on every network, and the virtual IPs, and by no peer's", () => {
  const cluster = clusterOf("pair");
  const [a, b] = cluster.nodes;
  const names = ownNames("lb-a", cluster);
  const addressesOf = (node: typeof a) =>
    (node?.interfaces ?? []).flatMap((on) => on.addresses.map(({ address }) => address));
  const virtual = cluster.virtualIps.flatMap((ip) => ip.addresses.map(({ address }) => address));
  expect([...names].sort()).toEqual([...new Set(["lb-a", ...local, ...addressesOf(a), ...virtual])].sort());
  expect(virtual.length).toBeGreaterThan(0);
  for (const foreign of ["lb-b", ...addressesOf(b)]) expect(names).not.toContain(foreign);
});

test("before its first topology a node goes by its name", () => {
  expect([...ownNames("lb-a", null)]).toEqual(["lb-a", ...local]);
});
