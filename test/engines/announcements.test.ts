import { expect, test } from "vitest";
import { keepalivedDaemon } from "../../src/render/daemons.js";
import type { Cluster, Node } from "../../src/topology/cluster.js";
import { nodeNamed, vrrpNetworks } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { some } from "../thorough.js";
import { boot } from "./boot.js";
import { ipv6Only } from "./ipv6-only.js";
import { connect, plugIn, type Sandbox, sandbox } from "./sandbox.js";
import { listen, owned } from "./vrrp-rig.js";

/** Milliseconds. */
const soon = { timeout: 10_000, interval: 50 };
const refreshed = { timeout: 30_000, interval: 500 };

/** As often as keepalived is told to: so many at once, again after a second, then one every ten seconds. */
const repeat = 3;

/** A machine of each network that speaks to nobody by itself: it knows what it is told. */
const neighbour = (cluster: Cluster): Node => ({
  name: "neighbour",
  priority: 1,
  interfaces: vrrpNetworks(cluster).map(({ name, cidrs }, index) => ({
    network: name,
    device: `eth${index + 1}`,
    addresses: cidrs.map(({ family, address, prefix }) => ({
      family,
      address: address.replace(/0?$/, "200"),
      prefix,
    })),
  })),
});

const clusters: [string, Cluster][] = [
  ["both families", exampleCluster("dual-stack")],
  ["IPv6 alone", ipv6Only()],
];
test.each(some(clusters, 2))(
  "whoever takes over announces every virtual IP, again and again, and nothing else: %s",
  async (_, cluster) => {
    const [first, second] = [nodeNamed(cluster, "lb-a"), nodeNamed(cluster, "lb-b")];
    const networks = vrrpNetworks(cluster).map(({ name }) => name);
    const addresses = cluster.virtualIps.flatMap((ip) => ip.addresses.map(({ address }) => address)).sort();
    await using middle = await sandbox();
    await using c = await sandbox();
    await using b = await sandbox();
    await using a = await sandbox();
    for (const network of networks) {
      await middle.must("ip", "link", "add", `br-${network}`, "type", "bridge");
      await middle.must("ip", "link", "set", `br-${network}`, "up");
    }
    for (const [machine, short, node] of [
      [a, "a", first],
      [b, "b", second],
      [c, "c", neighbour(cluster)],
    ] as const) {
      await plugIn(machine, node);
      for (const { network, device } of node.interfaces.filter((face) => networks.includes(face.network))) {
        await connect(machine, device, middle, [], `${short}-${network}`);
        await middle.must("ip", "link", "set", `${short}-${network}`, "master", `br-${network}`);
      }
    }
    const atA = await macs(a, first);
    const atB = await macs(b, second);
    await boot(a, cluster, first);
    await boot(b, cluster, second);
    a.start(...keepalivedDaemon.argv);
    await expect.poll(() => owned(a, addresses), soon).toEqual(addresses);
    b.start(...keepalivedDaemon.argv);
    for (const address of addresses) await c.must("ping", "-c", "1", "-w", "5", address);
    const believed = () => believes(c, addresses);
    const owner = (of: ReadonlyMap<string, string>) =>
      Object.fromEntries(
        cluster.virtualIps.flatMap((ip) =>
          ip.addresses.map(({ address }) => [address, of.get(ip.network)] as const),
        ),
      );
    expect(await believed()).toEqual(owner(atA));

    // The carrier stays: the old owner goes on believing that it is one.
    const heard = networks.map((network) => listen(middle, `br-${network}`));
    const path = async (way: (network: string) => string[]) => {
      for (const network of networks) await middle.must("ip", "link", "set", `a-${network}`, ...way(network));
    };
    await path(() => ["nomaster"]);
    const own = new Set(atB.values());
    const announced = () =>
      heard
        .flatMap((events) => events())
        .flatMap((event) => (event.kind === "announcement" && own.has(event.mac) ? event : []));
    const of = (address: string) => announced().filter((event) => event.address === address);
    const least = (count: number) => addresses.filter((address) => of(address).length < count);
    await expect.poll(() => least(2 * repeat), soon).toEqual([]);
    expect(await believed()).toEqual(owner(atB));
    await expect.poll(() => least(2 * repeat + 1), refreshed).toEqual([]);
    for (const address of addresses) {
      const [begun, ...more] = of(address).map(({ at }) => at);
      expect((more[2 * repeat - 1] ?? 0) - (begun ?? 0)).toBeGreaterThan(5_000);
    }

    // Both were owners: the more preferred one stays, and says so at once.
    await path((network) => ["master", `br-${network}`]);
    await expect.poll(() => owned(b, addresses), soon).toEqual([]);
    await expect.poll(believed, soon).toEqual(owner(atA));
    // A captured address may be a real machine's.
    expect([...new Set(announced().map(({ address }) => address))].sort()).toEqual(addresses);
  },
  120_000,
);

/** Link-layer addresses by network. */
async function macs(machine: Sandbox, { interfaces }: Node): Promise<Map<string, string>> {
  const links: { ifname: string; address: string }[] = JSON.parse(await machine.must("ip", "-json", "link"));
  return new Map(
    interfaces.map(({ network, device }) => [
      network,
      links.find(({ ifname }) => ifname === device)?.address ?? "",
    ]),
  );
}

/** The link-layer address to which the machine would send for each address. */
async function believes(machine: Sandbox, addresses: readonly string[]): Promise<Record<string, string>> {
  const entries: { dst: string; lladdr?: string }[] = JSON.parse(
    await machine.must("ip", "-json", "neighbour", "show"),
  );
  return Object.fromEntries(
    entries.flatMap(({ dst, lladdr }) =>
      lladdr !== undefined && addresses.includes(dst) ? [[dst, lladdr]] : [],
    ),
  );
}
