import { expect, test } from "vitest";
import { advertLinks, parseProbe, probeLines } from "../../src/preflight/protocol-112.js";
import { keepalivedDaemon } from "../../src/render/daemons.js";
import type { Cluster, Node } from "../../src/topology/cluster.js";
import { nodeNamed } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { some } from "../thorough.js";
import { boot } from "./boot.js";
import { ipv6Only } from "./ipv6-only.js";
import { connectNodes, type Sandbox, sandbox } from "./sandbox.js";
import { owned } from "./vrrp-rig.js";

const patience = { timeout: 10_000, interval: 100 };
/** Packets that a probe sends in its two seconds. */
const sent = 8;

/** keepalived writes its statistics into /tmp, which must be this machine's own; the programs stand elsewhere then. */
async function ownTmp({ must }: Sandbox): Promise<void> {
  await must("mkdir", "/run/program");
  await must("mount", "--bind", process.cwd(), "/run/program");
  await must("mount", "-t", "tmpfs", "tmpfs", "/tmp");
}

const program = (name: string): string => `/run/program/programs/${name}`;

/** Packets heard, by `OWN PEER`. */
async function probe(machine: Sandbox, cluster: Cluster, node: Node): Promise<Map<string, number>> {
  const stdin = probeLines(advertLinks(cluster, node));
  const { exitCode, stdout, stderr } = await machine.run(["perl", program("vrrp-probe.pl"), "2"], { stdin });
  if (exitCode !== 0) throw new Error(stderr);
  const { received, refused } = parseProbe(stdout);
  expect([...refused]).toEqual([]);
  return received;
}

/** Every counter of keepalived's own statistics but those of adverts that pass: `INSTANCE NAME` and what it says. */
async function counters({ must, run }: Sandbox): Promise<Map<string, number>> {
  const parent = (await must("cat", "/run/keepalived.pid")).trim();
  const [child = ""] = (await must("cat", `/proc/${parent}/task/${parent}/children`)).split(" ");
  await must("rm", "-f", "/tmp/keepalived.stats");
  await must("kill", `-${(await must("keepalived", "--signum=STATS")).trim()}`, child);
  let text = "";
  await expect
    .poll(async () => (text = (await run(["cat", "/tmp/keepalived.stats"])).stdout), patience)
    .toMatch(/Released master: \d+(?![\s\S]*Instance)[\s\S]*Sent: \d+\n$/);
  const all = new Map<string, number>();
  let instance = "";
  for (const line of text.split("\n")) {
    instance = /^VRRP Instance: (\S+)/.exec(line)?.[1] ?? instance;
    const [, name, value] = /^\s+([A-Z][\w -]*): (\d+)$/.exec(line) ?? [];
    if (name !== undefined && !["Sent", "Received"].includes(name))
      all.set(`${instance} ${name}`, Number(value));
  }
  return all;
}

const pairs: [string, Cluster][] = [
  ["an IPv4 pair", exampleCluster("pair")],
  ["an IPv6 pair", ipv6Only()],
];
test.each(some(pairs, 2))(
  "probes pass through the rules of %s, and its keepalived does not notice them",
  async (_, cluster) => {
    const [first, second] = [nodeNamed(cluster, "lb-a"), nodeNamed(cluster, "lb-b")];
    const all = cluster.virtualIps.flatMap(({ addresses }) => addresses.map(({ address }) => address)).sort();
    await using a = await sandbox();
    await using b = await sandbox();
    await connectNodes(a, first, b, second);
    for (const machine of [a, b]) await ownTmp(machine);
    await boot(a, cluster, first);
    await boot(b, cluster, second);
    // Nobody speaks yet: what is heard are the probes alone.
    const [heardByA, heardByB] = await Promise.all([probe(a, cluster, first), probe(b, cluster, second)]);
    for (const count of [...heardByA.values(), ...heardByB.values()]) {
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(sent);
    }
    a.start(...keepalivedDaemon.argv);
    await expect.poll(() => owned(a, all), patience).toEqual(all);
    b.start(...keepalivedDaemon.argv);
    await expect.poll(() => b.must("pgrep", "-c", "keepalived"), patience).toBe("2\n");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = [await counters(a), await counters(b)];
    expect(
      [...(before[0] ?? [])].filter(([name]) => name.endsWith("Became master")).map(([, n]) => n),
    ).toEqual(cluster.networks.filter(({ virtualRouterId }) => virtualRouterId !== null).map(() => 1));
    await Promise.all([probe(a, cluster, first), probe(b, cluster, second)]);
    expect([await counters(a), await counters(b)]).toEqual(before);
    expect(await owned(a, all)).toEqual(all);
    expect(await owned(b, all)).toEqual([]);
  },
);

test("a packet of that shape with an id that keepalived has would have been noticed", async () => {
  const cluster = exampleCluster("pair");
  const [first, second] = [nodeNamed(cluster, "lb-a"), nodeNamed(cluster, "lb-b")];
  await using a = await sandbox();
  await using b = await sandbox();
  await connectNodes(a, first, b, second);
  for (const machine of [a, b]) await ownTmp(machine);
  await boot(a, cluster, first);
  await boot(b, cluster, second);
  // One after the other: of two that start together either may become the owner.
  a.start(...keepalivedDaemon.argv);
  await expect.poll(async () => (await owned(a, ["10.0.1.100"])).length, patience).toBe(1);
  b.start(...keepalivedDaemon.argv);
  await expect.poll(() => b.must("pgrep", "-c", "keepalived"), patience).toBe("2\n");
  const before = await counters(b);
  // From 10.0.1.2 to 10.0.1.3, TTL 255, protocol 112: the probe's first bytes, but with id 51.
  const header = "4500002e00004000ff7000000a0001020a000103";
  const packet = `${header}ff33010000000000${Buffer.from("holdfast preflight").toString("hex")}`;
  const { stdout } = await a.run(["perl", program("send-packets.pl"), "10"], { stdin: `${packet}\n` });
  expect(stdout).toBe("1\n");
  await expect.poll(() => counters(b), patience).not.toEqual(before);
});

test("a node whose INPUT chain drops them hears none, and its peer goes on hearing it", async () => {
  const cluster = exampleCluster("pair");
  const [first, second] = [nodeNamed(cluster, "lb-a"), nodeNamed(cluster, "lb-b")];
  await using a = await sandbox();
  await using b = await sandbox();
  await connectNodes(a, first, b, second);
  for (const machine of [a, b]) await ownTmp(machine);
  await b.must("iptables", "-I", "INPUT", "-i", "eth1", "-p", "112", "-j", "DROP");
  const [heardByA, heardByB] = await Promise.all([probe(a, cluster, first), probe(b, cluster, second)]);
  expect(heardByB.get("10.0.1.3 10.0.1.2")).toBe(0);
  expect(heardByB.get("10.0.2.3 10.0.2.2")).toBeGreaterThan(0);
  expect(heardByA.get("10.0.1.2 10.0.1.3")).toBeGreaterThan(0);
});
