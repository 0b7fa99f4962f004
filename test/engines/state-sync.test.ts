import { describe, expect, test } from "vitest";
import { bootCommands } from "../../src/render/boot.js";
import { conntrackdDaemon } from "../../src/render/daemons.js";
import { addressesOf } from "../../src/render/devices.js";
import { paths } from "../../src/render/paths.js";
import { renderNode } from "../../src/render/render.js";
import type { Cluster, Node } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { nodeNamed } from "../../src/topology/select.js";
import { some } from "../thorough.js";
import { type Edit, edited } from "../topology/examples.js";
import { connectNodes, type Sandbox, sandbox } from "./sandbox.js";

function cluster(name: string, ...edits: readonly Edit[]): Cluster {
  const { cluster, problems } = loadTopology(edited(name, ...edits));
  if (cluster === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  return cluster;
}

/** The management network in IPv6. */
const pairOverIpv6: readonly Edit[] = [
  ["cidr: 10.0.9.0/24", 'cidr: "2001:db8:9::/64"'],
  ["address: 10.0.9.2 }", 'address: "2001:db8:9::2" }'],
  ["address: 10.0.9.3 }", 'address: "2001:db8:9::3" }'],
];
const threeOverIpv6: readonly Edit[] = [
  ["cidr: 10.20.9.0/24", 'cidr: "2001:db8:9::/64"'],
  ["address: 10.20.9.2 }", 'address: "2001:db8:9::2" }'],
  ["address: 10.20.9.3 }", 'address: "2001:db8:9::3" }'],
  ["address: 10.20.9.4 }", 'address: "2001:db8:9::4" }'],
];
const twoLinks: Edit = [
  "\nvirtual_ips:\n",
  "\nsync: { networks: [management, controllers] }\n\nvirtual_ips:\n",
];

const clusters: Readonly<Record<string, Cluster>> = {
  "two nodes, by unicast": cluster("pair"),
  "two nodes, by unicast over IPv6": cluster("pair", ...pairOverIpv6),
  "more than two nodes, to a group": cluster("dual-stack"),
  "more than two nodes, to a group over IPv6": cluster("dual-stack", ...threeOverIpv6),
};

/** The first two nodes, with cables between them, booted with their own rules, and conntrackd. */
async function twoOf(of: Cluster) {
  const [a, b] = [await sandbox(), await sandbox()];
  const [first, second] = [nodeNamed(of, "lb-a"), nodeNamed(of, "lb-b")];
  await connectNodes(a, first, b, second);
  // As on a node that is up for a while: packets to a group of the link would come from these addresses.
  for (const { must } of [a, b])
    await expect.poll(() => must("ip", "-6", "address", "show", "tentative"), patience).toBe("");
  for (const [machine, node] of [
    [a, first],
    [b, second],
  ] as const)
    await boot(machine, of, node);
  // A packet to a group that nobody has joined yet is lost, and NOTRACK repeats nothing: the agents' rounds do.
  for (const machine of [a, b])
    await expect.poll(() => ask(machine, "link"), patience).toMatch(/[1-9]\d* Pckts recv/);
  return {
    a,
    b,
    async [Symbol.asyncDispose]() {
      await a[Symbol.asyncDispose]();
      await b[Symbol.asyncDispose]();
    },
  };
}

async function boot(machine: Sandbox, of: Cluster, node: Node): Promise<void> {
  await machine.install(renderNode(of, node));
  for (const { argv } of bootCommands(of, node)) await machine.run(argv);
  machine.start(...conntrackdDaemon.argv);
  await expect.poll(() => ask(machine, "runtime"), patience).toMatch(/uptime/);
}

const patience = { timeout: 10_000, interval: 100 };

const ask = async ({ run }: Sandbox, what: string): Promise<string> =>
  (await run(["conntrackd", "-C", paths.conntrackdConf, "-s", what])).stdout;

/** As if a client's session with the virtual IP came through the machine. */
const begin = ({ must }: Sandbox, client: string, address: string): Promise<string> =>
  must(
    "conntrack",
    "-I",
    ...["-p", "tcp", "-s", client, "-d", address, "--sport", "40000", "--dport", "6653"],
    ...["--state", "ESTABLISHED", "-u", "ASSURED", "-t", "600"],
  );

const holds = async ({ run }: Sandbox, client: string): Promise<boolean> =>
  (await run(["conntrack", "-L", "-p", "tcp", "-s", client])).stdout.includes(` src=${client} `);

describe.each(some(Object.entries(clusters), 3))("of %s", (_name, of) => {
  test("one's kernel holds what begins in the other's, and not what its own node says", async () => {
    await using machines = await twoOf(of);
    const { a, b } = machines;
    const address = of.virtualIps[0]?.addresses[0]?.address ?? "";
    const network = address.slice(0, address.lastIndexOf("."));
    const own = nodeNamed(of, "lb-a").interfaces.flatMap((face) => addressesOf(face, 4))[0] ?? "";
    await begin(a, own, address);
    await begin(a, `${network}.77`, address);
    await expect.poll(() => holds(b, `${network}.77`), patience).toBe(true);
    expect(await holds(b, own)).toBe(false);
  });
});

test("a link that loses its carrier is left for the next of sync.networks", async () => {
  await using machines = await twoOf(cluster("pair", twoLinks));
  const { a, b } = machines;
  expect(await ask(a, "link")).toMatch(/device=eth3 status=RUNNING role=ACTIVE/);
  await a.must("ip", "link", "set", "eth3", "down");
  await expect.poll(() => ask(b, "link"), patience).toMatch(/device=eth2 status=RUNNING role=ACTIVE/);
  await begin(a, "10.0.1.77", "10.0.1.100");
  await expect.poll(() => holds(b, "10.0.1.77"), patience).toBe(true);
});

test("nobody but the peers is heard", async () => {
  await using machines = await twoOf(cluster("pair"));
  const { a, b } = machines;
  await b.must("ip", "link", "set", "eth3", "down");
  await b.must("ip", "addr", "del", "10.0.9.3/24", "dev", "eth3");
  await b.must("ip", "addr", "add", "10.0.9.77/24", "dev", "eth3");
  await b.must("ip", "link", "set", "eth3", "up");
  const drops = async () =>
    Number(
      /^\s*(\d+)\s.*DROP.*udp dpt:3780/m.exec(await a.must("iptables", "-nvL", "HOLDFAST-INPUT"))?.[1] ?? 0,
    );
  const before = await drops();
  const say = `require("node:dgram").createSocket("udp4").send("state", 3780, "10.0.9.2", () => process.exit())`;
  await b.must(process.execPath, "-e", say);
  await expect.poll(drops, patience).toBe(before + 1);
});
