import { expect, test } from "vitest";
import { paths } from "../../src/render/paths.js";
import { renderNode } from "../../src/render/render.js";
import { nodeNamed } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { plugIn, sandbox } from "./sandbox.js";

/** A file spoilt in one place, and the checker that must notice: a checker that accepts all proves nothing. */
const broken: readonly [path: string, right: string, wrong: string, argv: readonly string[]][] = [
  [
    paths.keepalivedConf,
    "interface eth1",
    "interface eth9",
    ["keepalived", "-t", "-f", paths.keepalivedConf],
  ],
  [paths.keepalivedConf, "nopreempt", "nopreemt", ["keepalived", "-t", "-f", paths.keepalivedConf]],
  [paths.haproxyCfg, "balance source", "balance sauce", ["haproxy", "-c", "-f", paths.haproxyCfg]],
  [paths.rulesV4, "-p vrrp", "-p vrpp", ["iptables-restore", "--test", "--noflush", paths.rulesV4]],
  [paths.rulesV6, "-p udp", "-p dup", ["ip6tables-restore", "--test", "--noflush", paths.rulesV6]],
  [paths.sysctl, "ip_forward", "ip_foward", ["sysctl", "-p", paths.sysctl]],
  [paths.routes, "via 10.0.1.1", "via 10.7.7.7", ["ip", "-batch", paths.routes]],
  [paths.networkUnit, "ExecStart=/usr", "ExecStart=usr", ["systemd-analyze", "verify", paths.networkUnit]],
];

test.each(broken)("%s with '%s' as '%s' is refused by its checker", async (path, right, wrong, argv) => {
  const cluster = exampleCluster("campus-routed");
  const node = nodeNamed(cluster, "lb-a");
  await using machine = await sandbox();
  await plugIn(machine, node);
  const files = renderNode(cluster, node);
  await machine.install(files);
  // keepalived 2.3 looks for the track file's directory; holdfast-network.service and the agent make it.
  await machine.must("mkdir", "-p", paths.runDir);
  await machine.must("iptables-restore", "--noflush", paths.rulesV4);
  expect((await machine.run(argv)).exitCode, "the right one is accepted").toBe(0);
  await machine.install(
    files.map((file) => (file.path === path ? { ...file, body: file.body.replace(right, wrong) } : file)),
  );
  expect((await machine.run(argv)).exitCode, "the wrong one is not").not.toBe(0);
});
