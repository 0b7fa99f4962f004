import { expect, test } from "vitest";
import { planText } from "../../src/cli/plan-text.js";
import { noImpact } from "../../src/deploy/impact.js";
import { planDocument } from "../../src/fleet/plan-document.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { deploy, planFor } from "./deploying.js";
import { NodeInMemory } from "./node-in-memory.js";
import { grown, pair, repooled } from "./topologies.js";

/** A node with sessions on two servers: five in all. */
async function busy(cluster: Cluster = pair): Promise<NodeInMemory> {
  const node = new NodeInMemory("lb-a");
  await deploy(node, cluster);
  for (const [name, sessions] of [
    ["c1", 3],
    ["c2", 2],
  ] as const) {
    const server = node.haproxy.server("openflow", name);
    if (server !== undefined) server.sessions = sessions;
  }
  return node;
}

const impact = async (node: NodeInMemory, cluster: Cluster): Promise<string[]> => [
  ...(await planFor(node, cluster)).impact,
];

test("a change of servers alone drops none of the sessions that are open", async () => {
  expect(await impact(await busy(), repooled)).toEqual([
    "0 of 5 sessions dropped, no reload, no role change.",
  ]);
});

test("sessions of a server that left and still drains are counted too", async () => {
  const node = await busy();
  await deploy(node, repooled);
  expect(await impact(node, pair)).toEqual(["0 of 5 sessions dropped, no reload, no role change."]);
});

test("a reload is said beforehand, with the sessions that it ends, by service", async () => {
  const leastconn = {
    ...pair,
    services: pair.services.map((own) => ({ ...own, balance: "leastconn" as const })),
  };
  expect(await impact(await busy(), leastconn)).toEqual([
    "HAProxy reloads: 5 sessions (openflow 5) end with the old worker within 10 s and must reconnect.",
  ]);
});

test("an address that clients can no longer enter by is named", async () => {
  const moved = {
    ...pair,
    services: pair.services.map((own) => ({ ...own, listen: { ...own.listen, port: 6699 } })),
  };
  expect((await impact(await busy(), moved)).join(" ")).toContain(
    "openflow no longer answers at 10.0.1.100:6653, through which 5 sessions may have come.",
  );
  const fewer = { ...grown, services: grown.services.filter(({ name }) => name === "openflow") };
  expect((await impact(await busy(grown), fewer)).join(" ")).toContain(
    "netconf no longer answers at 10.0.1.100:830.",
  );
});

test("a plan shows each server and each chain that changes, and how it takes", async () => {
  const plan = await planFor(await busy(), repooled);
  const { generation, nodes } = { generation: plan.to, nodes: [plan] };
  const fleet = { cluster: "pair", generation, nodes, without: [], isEmpty: false, digest: "" };
  const text = planText(await planDocument(fleet), (_style, line) => line);
  expect(text).toMatch(
    /^ {2}~ haproxy {5}backend openflow: \+ server c9 10\.0\.2\.19:6653 +live, no reload$/m,
  );
  expect(text).toMatch(/^ {2}> haproxy's servers change while it runs$/m);
  expect(text).toMatch(/\nImpact: 0 of 5 sessions dropped, no reload, no role change\.\n$/);
  const nat = {
    ...grown,
    services: grown.services.map((own) => ({ ...own, servers: own.servers.slice(1) })),
  };
  const fewer = await planFor(await busy(grown), nat);
  expect(fewer.impact.join(" ")).toMatch(
    /^netconf no longer has 10\.0\.2\.11:\d+: sessions there end .*\. No other session dropped, no reload, no role change\.$/,
  );
  expect(fewer.details.join("\n")).toMatch(
    /^iptables {4}HOLDFAST-netconf: \d+ of 256 buckets move +live, for new sessions$/m,
  );
});

test("a server of a nat service that is down is not put back by a change of the others", async () => {
  const node = await busy(grown);
  const down = node.haproxy.server("netconf", "c2");
  if (down !== undefined) down.up = false;
  const loads: string[] = [];
  const run = node.faults.run;
  node.faults.run = (argv, stdin) => {
    if (argv[0]?.endsWith("iptables-restore") && !argv.includes("--test")) loads.push(stdin);
    return run(argv, stdin);
  };
  const reweighted = {
    ...grown,
    services: grown.services.map((own) => ({
      ...own,
      servers: own.servers.map((server) => ({ ...server, weight: server.name === "c1" ? 3 : 1 })),
    })),
  };
  await deploy(node, reweighted);
  const loaded = loads.join("\n");
  expect(loaded).toContain("-A HOLDFAST-netconf");
  expect(loaded).not.toContain(`--to-destination ${down?.address}:`);
});

test("what a change means for two nodes in two ways is said of each by name, what it means for one alone once", async () => {
  const plan = await planDocument({
    ...{
      cluster: "campus",
      generation: { number: 2, digest: "aa" },
      digest: "bb",
      isEmpty: false,
      without: [],
    },
    nodes: [await planFor(await busy(), repooled)],
  });
  const [node] = plan.nodes;
  if (node === undefined) throw new Error("a plan without nodes");
  const text = (...impacts: string[]) =>
    planText(
      { ...plan, nodes: impacts.map((said, index) => ({ ...node, name: `lb-${index}`, impact: [said] })) },
      (_style, words) => words,
    );
  expect(text("0 of 2 sessions dropped.", "keepalived reloads: no role change.")).toMatch(
    /\nImpact on lb-0: 0 of 2 sessions dropped\.\nImpact on lb-1: keepalived reloads: no role change\.\n$/,
  );
  expect(text("0 of 2 sessions dropped.", noImpact)).toMatch(/\nImpact: 0 of 2 sessions dropped\.\n$/);
  expect(text(noImpact, noImpact)).toMatch(/\nImpact: No session dropped, no reload, no role change\.\n$/);
});
