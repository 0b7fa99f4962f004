import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { confirmRules, loadRules } from "../../src/deploy/rules.js";
import { allServers, bucketChain } from "../../src/render/bucket-chain.js";
import { someChains } from "../../src/render/iptables.js";
import { paths } from "../../src/render/paths.js";
import { renderNode } from "../../src/render/render.js";
import { nodeNamed, serviceNamed } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { boot } from "./boot.js";
import { connect, plugIn, type Sandbox, sandbox } from "./sandbox.js";
import { answer, ask, session } from "./traffic.js";

// campus-routed.yaml with one node: switches behind the router, and the master controller at the captured address.
const cluster = exampleCluster("campus-routed");
const node = nodeNamed(cluster, "lb-a");
const service = serviceNamed(cluster, "openflow");
const captured = "10.0.2.10";
const switches = Array.from({ length: 24 }, (_, index) => `192.168.10.${index + 1}`);

let lb: Sandbox;
let router: Sandbox;
let controllers: Sandbox;

beforeAll(async () => {
  [lb, router, controllers] = await Promise.all([sandbox(), sandbox(), sandbox()]);
  await plugIn(lb, node);
  await boot(lb, cluster, node);
  await lb.must("ip", "addr", "add", "10.0.1.100/24", "dev", "eth1");
  await lb.must("ip", "addr", "add", "10.0.2.1/24", "dev", "eth2");
  await connect(lb, "eth1", router, ["10.0.1.1/24", ...switches.map((address) => `${address}/24`)]);
  await router.must("ip", "route", "add", "10.0.2.0/24", "via", "10.0.1.100");
  const addresses = [captured, ...service.servers.map(({ address }) => address)];
  await connect(
    lb,
    "eth2",
    controllers,
    addresses.map((address) => `${address}/24`),
  );
  await controllers.must("ip", "route", "add", "default", "via", "10.0.2.1");
  await Promise.all(addresses.map((address) => answer(controllers, address, 6653)));
  await answer(router, "192.168.10.1", 9000);
}, 60_000);

afterAll(async () => {
  for (const machine of [lb, router, controllers]) await machine?.[Symbol.asyncDispose]();
});

const spreadOver = async (up: ReadonlySet<string>): Promise<void> => {
  const body = someChains.render("nat", [bucketChain(cluster, service, 4, up)]);
  const { exitCode, stderr } = await lb.run(["iptables-restore", "--noflush"], { stdin: body });
  expect(exitCode, stderr).toBe(0);
};

beforeEach(() => spreadOver(allServers(service)));

/** Which server answers each switch. */
const answers = (): Promise<string[]> =>
  Promise.all(switches.map(async (from) => (await ask(router, from, captured, 6653)).split(" ")[0] ?? ""));

describe("a captured address", () => {
  test("is answered by the pool, a switch always by the same controller, and all controllers have some", async () => {
    const first = await answers();
    expect(new Set(first)).toEqual(new Set(service.servers.map(({ address }) => address)));
    expect(await answers()).toEqual(first);
  });

  test("keeps every switch where it is but those of a controller that died", async () => {
    const before = await answers();
    await spreadOver(new Set(["c2", "c3"]));
    const after = await answers();
    for (const [index, server] of before.entries())
      if (server === "10.0.2.11") expect(["10.0.2.12", "10.0.2.13"]).toContain(after[index]);
      else expect(after[index]).toBe(server);
  });

  test("stays off a dead controller while an apply loads the rules anew", async () => {
    await spreadOver(new Set(["c2", "c3"]));
    const before = await answers();
    const rules = renderNode(cluster, node).find(({ path }) => path === paths.rulesV4)?.body ?? "";
    await lb.must("iptables", "-t", "nat", "-D", "HOLDFAST-PREROUTING", "1");
    await loadRules(lb, 4, rules, rules);
    await confirmRules(lb, 4, rules);
    expect(await answers()).toEqual(before);
  });

  test("refuses at once while no controller is up, and its real owner sees nothing", async () => {
    await spreadOver(new Set());
    expect(await ask(router, "192.168.10.1", captured, 6653)).toBe("ECONNREFUSED");
    expect(await ask(router, "192.168.10.1", "10.0.1.100", 6653)).toBe("ECONNREFUSED");
  });

  test("belongs to its real owner on its own network", async () => {
    expect(await ask(controllers, "10.0.2.11", captured, 6653)).toBe(`${captured} 10.0.2.11`);
  });

  test("resets a session that this node does not know, instead of passing it on untranslated", async () => {
    const ended = session(router, captured, 6653, "/run/go");
    await expect
      .poll(() => lb.must("conntrack", "-L", "-p", "tcp", "--dport", "6653"), { timeout: 5_000 })
      .toContain("ESTABLISHED");
    await lb.must("iptables", "-Z", "HOLDFAST-INVALID");
    await lb.must("conntrack", "-F");
    await router.must("touch", "/run/go");
    expect(await ended).toBe("ECONNRESET");
    const counted = await lb.must("iptables", "-vnxL", "HOLDFAST-INVALID");
    expect(counted).toMatch(/^ +[1-9]\d* +\d+ REJECT .* 10\.0\.2\.10 .*dpt:6653/m);
  });

  test("is the source of what a controller starts", async () => {
    expect(await ask(controllers, "10.0.2.12", "192.168.10.1", 9000)).toBe(`192.168.10.1 ${captured}`);
  });
});

test("packets to the agents' port from anyone but a peer are dropped", async () => {
  await lb.must("iptables", "-Z", "HOLDFAST-INPUT");
  const beat = `require("node:dgram").createSocket("udp4").send("x", 7443, "10.0.1.2", () => process.exit())`;
  await router.must(process.execPath, "-e", beat);
  expect(await lb.must("iptables", "-vnxL", "HOLDFAST-INPUT")).toMatch(/^ +1 +\d+ DROP .*udp dpt:7443/m);
});

test("one source gets 20 new connections to the agent's API at once, and another is let in all the same", async () => {
  // Nobody listens there: a connection that is let in is refused at once, and one that is not waits for ever.
  const knock = `
    const { connect } = require("node:net");
    const [from, count] = process.argv.slice(1);
    let refused = 0;
    for (let n = 0; n < Number(count); n++)
      connect({ host: "10.0.1.2", port: 7443, localAddress: from }).on("error", () => refused++);
    setTimeout(() => { console.log(refused); process.exit(); }, 300);`;
  const letIn = async (from: string, count: number) =>
    Number(await router.must(process.execPath, "-e", knock, from, String(count)));
  const first = await letIn("192.168.10.1", 60);
  expect(first).toBeGreaterThanOrEqual(20);
  expect(first).toBeLessThan(30);
  expect(await letIn("192.168.10.2", 5)).toBe(5);
});

test("the rules of others stay when ours are restored again", async () => {
  await lb.must("iptables", "-A", "INPUT", "-p", "icmp", "-j", "ACCEPT");
  await lb.must("iptables-restore", "--noflush", paths.rulesV4);
  expect(await lb.must("iptables", "-S", "INPUT")).toContain("-A INPUT -p icmp -j ACCEPT");
});
