import { expect, test } from "vitest";
import { bootCommands } from "../../src/render/boot.js";
import { keepalivedDaemon } from "../../src/render/daemons.js";
import { renderNode } from "../../src/render/render.js";
import type { Cluster, Node } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { nodeNamed } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { connect, plugIn, type Sandbox, sandbox } from "./sandbox.js";

/** One network, IPv6 alone: adverts are IPv6 too, and there is no sync group. */
const ipv6Only = `
cluster: six
networks: { access: { cidr: "2001:db8:1::/64" } }
nodes:
  - { name: lb-a, interfaces: { access: { device: eth1, address: "2001:db8:1::2" } } }
  - { name: lb-b, interfaces: { access: { device: eth1, address: "2001:db8:1::3" } } }
failover: { profile: balanced }
virtual_ips:
  - { name: first, network: access, address: "2001:db8:1::100" }
  - { name: second, network: access, address: "2001:db8:1::101" }
services:
  - name: web
    listen: { virtual_ip: first, port: 80 }
    mode: proxy
    health_check: { type: tcp }
    servers: [{ name: w1, address: "2001:db8:1::11", port: 80 }]
`;

function clusterOf(text: string): Cluster {
  const { cluster, problems } = loadTopology(text);
  if (cluster === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  return cluster;
}

test.each([
  ["an IPv4 pair", exampleCluster("pair")],
  ["an IPv6 pair", clusterOf(ipv6Only)],
])(
  "%s hears its adverts through its own rules: one owner, and the other takes over when they stop",
  async (_, cluster) => {
    const [first, second] = [nodeNamed(cluster, "lb-a"), nodeNamed(cluster, "lb-b")];
    await using a = await sandbox();
    await using b = await sandbox();
    await plugIn(a, first);
    for (const { device, addresses } of second.interfaces)
      await connect(
        a,
        device,
        b,
        addresses.map(({ address, prefix }) => `${address}/${prefix}`),
        device,
      );
    await boot(a, cluster, first);
    await boot(b, cluster, second);
    const all = cluster.virtualIps.flatMap(({ addresses }) => addresses.map(({ address }) => address)).sort();
    const patience = { timeout: 10_000, interval: 100 };
    a.start(...keepalivedDaemon.argv);
    await expect.poll(() => owned(a, all), patience).toEqual(all);
    b.start(...keepalivedDaemon.argv);
    await expect.poll(() => b.must("pgrep", "-c", "keepalived"), patience).toBe("2\n");
    for (const _tenth of Array(15).keys()) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await owned(b, all)).toEqual([]);
    }
    for (const program of ["iptables", "ip6tables"])
      await a.must(program, "-I", "OUTPUT", "-p", "vrrp", "-j", "DROP");
    await expect.poll(() => owned(b, all), patience).toEqual(all);
  },
);

async function boot(machine: Sandbox, cluster: Cluster, node: Node): Promise<void> {
  await machine.install(renderNode(cluster, node));
  for (const { argv, mayFail } of bootCommands(cluster, node)) if (!mayFail) await machine.must(...argv);
}

/** Those of the addresses that the machine has, sorted. */
async function owned(machine: Sandbox, addresses: readonly string[]): Promise<string[]> {
  const present: string[] = (await machine.must("ip", "-o", "addr")).match(/(?<=inet6? )[^/ ]+/g) ?? [];
  return addresses.filter((address) => present.includes(address));
}
