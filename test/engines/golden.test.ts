import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installedEngines } from "../../src/agent/renderer/installed-engines.js";
import { checkConntrackd } from "../../src/deploy/conntrackd.js";
import { runner } from "../../src/host/run.js";
import { bootCommands } from "../../src/render/boot.js";
import { conntrackdDaemon, haproxyDaemon, keepalivedDaemon } from "../../src/render/daemons.js";
import { endpoint } from "../../src/render/haproxy.js";
import { compareRules } from "../../src/render/kernel-rules.js";
import { paths } from "../../src/render/paths.js";
import { realTimePriorities } from "../../src/render/real-time.js";
import { renderNode } from "../../src/render/render.js";
import { syncLinks } from "../../src/render/sync-links.js";
import type { Cluster, Node } from "../../src/topology/cluster.js";
import { virtualIpNamed } from "../../src/topology/select.js";
import { exampleCluster, examples } from "../render/examples.js";
import { few } from "../thorough.js";
import { plugIn, type Sandbox, sandbox } from "./sandbox.js";
import { transpiled } from "./transpiled.js";

// Every golden file is what renderNode returns (test/render/golden.test.ts), so these take it from there; it is made for
// the engines on this machine.
const engines = await installedEngines({ run: runner([]) });
const nodes = examples.flatMap((name) => {
  const cluster = exampleCluster(name);
  return cluster.nodes.map((node) => ({ name: `${name} ${node.name}`, cluster, node }));
});
/** The first of each cluster. */
const firsts = nodes.filter(({ cluster, node }) => node === cluster.nodes[0]);

const patience = { timeout: 15_000, interval: 100 };

describe.each(few(nodes, firsts))("$name", ({ cluster, node }) => {
  test("keepalived, HAProxy and systemd accept their files", async () => {
    await using machine = await machineOf(cluster, node);
    const { must } = machine;
    await must("keepalived", "-t", "-f", paths.keepalivedConf);
    await must("haproxy", "-c", "-f", paths.haproxyCfg);
    expect(await must("systemd-analyze", "verify", paths.networkUnit)).toBe("");
  });

  test("it boots, twice, and its kernel then has exactly the rendered rules, settings and routes", async () => {
    await using machine = await machineOf(cluster, node);
    const { must, run } = machine;
    for (const _ of ["first", "again"])
      for (const { argv, mayFail } of bootCommands(cluster, node)) {
        const { exitCode, stderr } = await run(argv);
        if (!mayFail) expect(exitCode, `${argv.join(" ")}: ${stderr}`).toBe(0);
      }
    const files = new Map(renderNode(cluster, node).map(({ path, body }) => [path, body]));
    const same = { missing: [], unexpected: [] };
    expect(compareRules(files.get(paths.rulesV4) ?? "", await must("iptables-save"))).toEqual(same);
    expect(compareRules(files.get(paths.rulesV6) ?? "", await must("ip6tables-save"))).toEqual(same);
    for (const { destination, via } of cluster.routes) {
      const { family, address, prefix } = destination;
      expect(
        await must("ip", `-${family}`, "route", "show", "proto", "72", `${address}/${prefix}`),
      ).toContain(via);
    }
    for (const [, key = "", value = ""] of (files.get(paths.sysctl) ?? "").matchAll(/^(\S+) = (\S+)$/gm))
      expect((await must("cat", `/proc/sys/${key}`)).trim(), key).toBe(value);
  });

  test("HAProxy really starts with its file before any virtual IP is there", async () => {
    await using machine = await machineOf(cluster, node);
    const { must, start } = machine;
    await must("sysctl", "-q", "-p", paths.sysctl);
    start(...haproxyDaemon.argv);
    await expect.poll(() => must("ss", "-Hlx"), patience).toContain(paths.haproxyAdmin);
    expect(await must("stat", "-c", "%a", paths.haproxyAdmin)).toBe("600\n");
    const listening = await must("ss", "-Hltn");
    for (const endpoint of proxiedEndpoints(cluster)) expect(listening).toContain(` ${endpoint} `);
  });

  test("conntrackd accepts its file, really starts with it, and speaks on the first network of sync.networks", async () => {
    await using machine = await machineOf(cluster, node);
    const { must, run, start } = machine;
    await must("iptables-restore", "--noflush", paths.rulesV4);
    await must("sysctl", "-e", "-q", "-p", paths.sysctl);
    expect(await checkConntrackd({ run }, paths.conntrackdConf)).toBeNull();
    start(...conntrackdDaemon.argv);
    const ask = (what: string) => run(["conntrackd", "-C", paths.conntrackdConf, "-s", what]);
    await expect.poll(async () => (await ask("runtime")).exitCode, patience).toBe(0);
    const [link] = syncLinks(cluster, node);
    expect((await ask("link")).stdout).toMatch(new RegExp(`${link?.device} status=RUNNING role=ACTIVE`));
    const scheduled = await must("chrt", "--pid", (await must("pidof", "conntrackd")).trim());
    expect(scheduled).toContain("SCHED_RR");
    expect(scheduled).toContain(`priority: ${realTimePriorities.conntrackd}\n`);
  });

  test("keepalived alone takes every virtual IP, and gives them all up for a fault", async () => {
    await using machine = await machineOf(cluster, node);
    const { must, run, start } = machine;
    const present = async () => (await must("ip", "-o", "addr")).match(/(?<=inet6? )\S+/g) ?? [];
    const virtual = cluster.virtualIps.flatMap(({ addresses }) =>
      addresses.map(({ address, prefix }) => `${address}/${prefix}`),
    );
    start(...keepalivedDaemon.argv);
    await expect.poll(present, patience).toEqual(expect.arrayContaining(virtual));
    await run(["tee", paths.fault], { stdin: "1\n" });
    await expect
      .poll(async () => (await present()).filter((own) => virtual.includes(own)), patience)
      .toEqual([]);
  });
});

describe("in the path of sessions", () => {
  let directory: string;
  let program: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "holdfast-golden-"));
    program = await transpiled("test/engines/multiplexer-child.ts", join(directory, "program"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const shared = nodes.filter(({ cluster }) =>
    cluster.services.some(({ mirror }) => mirror?.via === "inline"),
  );

  test.each(shared)(
    "$name: the multiplexer makes each socket that HAProxy is to find",
    async ({ cluster, node }) => {
      await using machine = await machineOf(cluster, node);
      const { must, run, start } = machine;
      await must("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", paths.haproxyRoot);
      start(process.execPath, program);
      const named = (await must("cat", paths.haproxyCfg)).matchAll(/ unix@(\S+) /g);
      const sockets = [...named].map(([, path]) => `${paths.haproxyRoot}${path}`).sort();
      expect(sockets).toHaveLength(3);
      const made = async () =>
        (await run(["find", paths.haproxyRoot, "-type", "s"])).stdout.trim().split("\n").sort();
      await expect.poll(made, patience).toEqual(sockets);
    },
  );
});

async function machineOf(cluster: Cluster, node: Node): Promise<Sandbox> {
  const machine = await sandbox();
  await plugIn(machine, node);
  await machine.install(renderNode(cluster, node, engines));
  await machine.must("mkdir", "-p", paths.runDir);
  return machine;
}

const proxiedEndpoints = (cluster: Cluster): string[] =>
  cluster.services
    .filter(({ mode }) => mode === "proxy")
    .flatMap(({ listen }) =>
      virtualIpNamed(cluster, listen.virtualIp).addresses.map((own) =>
        endpoint({ ...own, port: listen.port }),
      ),
    );
