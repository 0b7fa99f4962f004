import { expect, test } from "vitest";
import type { Beat } from "../../../src/agent/beats/beat.js";
import { Peers } from "../../../src/agent/beats/peers.js";
import { Networks } from "../../../src/agent/networks/networks.js";
import { nodeNamed } from "../../../src/topology/select.js";
import { exampleCluster } from "../../render/examples.js";

const cluster = exampleCluster("pair");
const network = "switches";
const [freshness, silence] = [600, 400];
const fresh = "10.0.1.77";

/** One node's agent, as far as its networks go. */
function agent(name: string) {
  const peers = new Peers(freshness);
  const networks = new Networks(cluster, nodeNamed(cluster, name), peers, silence);
  let sequence = 0;
  const beat = (now: number): Beat => ({
    ...{ node: name, boot: 1, sequence: ++sequence, severity: 0, faults: [], yielding: false },
    ...{ digest: "d", generation: null, unsettled: false, sync: null },
    networks: networks.report(now, () => null),
  });
  const hear = (told: Beat, on: string, now: number) => {
    peers.take(told, on, now);
    networks.beat(told, on, now);
  };
  return { networks, beat, hear };
}

test("a path that dies before a new neighbour ever answered is found: the peers ask whom the node knows but does not hear", () => {
  const [a, b] = [agent("lb-a"), agent("lb-b")];
  const device = nodeNamed(cluster, "lb-a").interfaces.find((each) => each.network === network)?.device ?? "";
  // The switch spoke to lb-a alone; then the path died. Beats pass over the management network only.
  a.networks.learn(new Map([[device, [fresh]]]));
  let proof = "";
  let now = 1_000;
  for (; now < 3_000 && proof === ""; now += 100) {
    b.hear(a.beat(now), "management", now);
    a.hear(b.beat(now), "management", now);
    if (a.networks.targets(now).includes(fresh)) a.networks.ping(fresh, false, now);
    if (b.networks.targets(now).includes(fresh)) b.networks.ping(fresh, true, now);
    proof = a.networks.dead(now).get(network) ?? "";
  }
  expect(proof).toBe(`lb-b hears ${fresh}`);
  expect(now).toBeLessThan(2_000);
  expect(b.networks.dead(now).size).toBe(0);
});

test("whoever answers is named as heard, and no more as silent", () => {
  const a = agent("lb-a");
  const device = nodeNamed(cluster, "lb-a").interfaces.find((each) => each.network === network)?.device ?? "";
  a.networks.learn(new Map([[device, [fresh, "10.0.1.78"]]]));
  a.networks.targets(0);
  a.networks.ping(fresh, true, 0);
  expect(a.beat(10).networks[network]).toMatchObject({ heard: [fresh], silent: ["10.0.1.78"] });
});
