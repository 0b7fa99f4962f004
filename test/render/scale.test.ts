import { expect, test } from "vitest";
import { renderNode } from "../../src/render/render.js";
import type { Cluster, Mode, Server, Service } from "../../src/topology/cluster.js";
import { exampleCluster } from "./examples.js";

const base = exampleCluster("pair");

function clusterOf(services: number, mode: Mode): Cluster {
  const [pattern] = base.services;
  const [server] = pattern?.servers ?? [];
  if (pattern === undefined || server === undefined) throw new Error("pair.yaml has no service");
  const servers = Array.from(
    { length: 20 },
    (_, index): Server => ({ ...server, name: `c${index}`, address: `10.0.2.${index + 11}` }),
  );
  const listed = Array.from(
    { length: services },
    (_, index): Service => ({
      ...pattern,
      mode,
      name: `s${index}`,
      servers,
      listen: { ...pattern.listen, port: 10_000 + index },
    }),
  );
  return { ...base, services: listed };
}

/** The best of three, milliseconds: what it costs, not what else the machine was doing. */
function cost(cluster: Cluster): number {
  const [node] = cluster.nodes;
  if (node === undefined) throw new Error("pair.yaml has no node");
  return Math.min(
    ...[1, 2, 3].map(() => {
      const start = performance.now();
      renderNode(cluster, node);
      return performance.now() - start;
    }),
  );
}

// A nat service of 20 servers has 256 rules: half a second for 500, beside whatever else this machine does.
test.each([
  ["proxy", 1_000],
  ["nat", 1_500],
] as const)(
  "500 %s services of 20 servers render within %i ms, twice as many in twice the time",
  (mode, limit) => {
    const once = cost(clusterOf(500, mode));
    expect(once).toBeLessThan(limit);
    expect(cost(clusterOf(1_000, mode))).toBeLessThan(2.3 * once + 50);
  },
);
