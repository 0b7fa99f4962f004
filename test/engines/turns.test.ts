import { afterAll, beforeAll, expect, test } from "vitest";
import { bucketChain } from "../../src/render/bucket-chain.js";
import { someChains } from "../../src/render/iptables.js";
import { nodeNamed, serviceNamed } from "../../src/topology/select.js";
import { exampleCluster } from "../render/examples.js";
import { boot } from "./boot.js";
import { connect, plugIn, type Sandbox, sandbox } from "./sandbox.js";
import { answer } from "./traffic.js";

// by-turns.yaml with one node: `big` has two turns of four, `c1` and `c2` one each, `spare` is a backup.
const cluster = exampleCluster("by-turns");
const node = nodeNamed(cluster, "lb-a");
const service = serviceNamed(cluster, "openflow");

let lb: Sandbox;
let switches: Sandbox;
let controllers: Sandbox;

beforeAll(async () => {
  [lb, switches, controllers] = await Promise.all([sandbox(), sandbox(), sandbox()]);
  await plugIn(lb, node);
  await boot(lb, cluster, node);
  await lb.must("ip", "addr", "add", "10.0.1.100/24", "dev", "eth1");
  await lb.must("ip", "addr", "add", "10.0.2.1/24", "dev", "eth2");
  await connect(lb, "eth1", switches, ["10.0.1.20/24"]);
  const addresses = service.servers.map(({ address }) => address);
  await connect(
    lb,
    "eth2",
    controllers,
    addresses.map((address) => `${address}/24`),
  );
  await controllers.must("ip", "route", "add", "default", "via", "10.0.2.1");
  await Promise.all(addresses.map((address) => answer(controllers, address, 6653)));
}, 60_000);

afterAll(async () => {
  for (const machine of [lb, switches, controllers]) await machine?.[Symbol.asyncDispose]();
});

/** Opens sessions from one switch, one after the other, and says which server answered each. */
async function sessions(count: number): Promise<string[]> {
  const program = `
    const { connect } = require("node:net");
    let left = Number(process.argv[1]);
    const next = () => {
      if (left-- === 0) process.exit();
      connect({ host: "10.0.1.100", port: 6653 })
        .on("data", (data) => { console.log(String(data).split(" ")[0]); next(); })
        .on("error", ({ code }) => { console.log(code); next(); });
    };
    next();`;
  const answers = (await switches.must(process.execPath, "-e", program, String(count))).trim().split("\n");
  const nameOf = new Map(service.servers.map(({ address, name }) => [address, name]));
  return answers.map((address) => nameOf.get(address) ?? address);
}

async function spreadOver(...up: readonly string[]): Promise<void> {
  const stdin = someChains.render("nat", [bucketChain(cluster, service, 4, new Set(up))]);
  const { exitCode, stderr } = await lb.run(["iptables-restore", "--noflush"], { stdin });
  expect(exitCode, stderr).toBe(0);
}

test("new sessions go to the servers by turns, each as often as its weight is worth, whoever they come from", async () => {
  await spreadOver("big", "c1", "c2", "spare");
  expect(await sessions(8)).toEqual(["big", "c1", "c2", "big", "big", "c1", "c2", "big"]);
});

test("a dead server's turns go to those that are left, and the backup has its own when nobody is", async () => {
  await spreadOver("c1", "c2", "spare");
  expect(await sessions(4)).toEqual(["c1", "c2", "c1", "c2"]);
  await spreadOver("spare");
  expect(await sessions(2)).toEqual(["spare", "spare"]);
  await spreadOver();
  expect(await sessions(1)).toEqual(["ECONNREFUSED"]);
});
