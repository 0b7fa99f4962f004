import { expect, test } from "vitest";
import { rivalsOf } from "../../../src/agent/metrics/rivals.js";
import { example } from "../../lab/topology.js";

const { cluster } = example("pair", "pair");
const [own, peer] = cluster.nodes.map(({ name }) => name);
const networks = [...new Set(cluster.virtualIps.map(({ network }) => network))];

test("every other node is told of on every network, also while nothing is wrong", () => {
  expect(rivalsOf(cluster, own ?? "", [])).toEqual(
    networks.map((network) => ({ network, peer, owner: false })),
  );
});

test("a second owner is one where it acts, and a stranger appears only while it claims something", () => {
  const [network = ""] = networks;
  const rivals = rivalsOf(cluster, own ?? "", [
    { network, peer: peer ?? "" },
    { network, peer: "02:00:00:00:00:66" },
  ]);
  expect(rivals.filter(({ owner }) => owner)).toEqual([
    { network, peer, owner: true },
    { network, peer: "02:00:00:00:00:66", owner: true },
  ]);
  expect(rivals).toHaveLength(networks.length + 1);
});
