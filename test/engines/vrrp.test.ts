import { expect, test } from "vitest";
import { keepalivedDaemon } from "../../src/render/daemons.js";
import { nodeNamed } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { boot } from "./boot.js";
import { ipv6Only } from "./ipv6-only.js";
import { connectNodes, sandbox } from "./sandbox.js";
import { owned } from "./vrrp-rig.js";

test.each([
  ["an IPv4 pair", exampleCluster("pair")],
  ["an IPv6 pair", ipv6Only()],
])(
  "%s hears its adverts through its own rules: one owner, and the other takes over when they stop",
  async (_, cluster) => {
    const [first, second] = [nodeNamed(cluster, "lb-a"), nodeNamed(cluster, "lb-b")];
    await using a = await sandbox();
    await using b = await sandbox();
    await connectNodes(a, first, b, second);
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
