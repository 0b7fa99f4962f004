import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClusterStatus } from "../../src/fleet/status.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab, LabProcess } from "../../src/lab/lab.js";
import { connectionTimes } from "../../src/lab/open-vswitch.js";
import { program } from "../../src/lab/program.js";
import { isThorough } from "../thorough.js";
import { scrapesOf, untoldBy } from "./scrapes.js";
import { edited, ensureBuilt, example, labFor } from "./topology.js";

const address = "10.0.2.50";
const topology = edited(example("pair", "lab-shared"), [
  "\nnat:\n",
  `    mirror:
      to: { name: master, address: ${address}, port: 6653 }
      via: inline
      replies: forward
      writes: forward

nat:
`,
]);
const datapaths = ["0000000000000001", "0000000000000002"];

let lab: Lab;
let asking: LabProcess;
/** What the master controller said of itself. */
const said: string[] = [];

beforeAll(async () => {
  ensureBuilt();
  lab = await labFor(topology, { switches: 2 });
  // One that asks, in the place of the one that only hears.
  await lab.faults.signal("master", "controller", "SIGKILL");
  const argv = ["/usr/bin/python3", "-B", "/usr/bin/osken-manager", "--ofp-tcp-listen-port", "6653"];
  asking = await lab
    .machine("master")
    .spawn([...argv, "--ofp-listen-host", address, `${program.root}/lab/asking_controller.py`]);
  asking.onLine((line) => void said.push(line));
});
afterAll(async () => {
  await asking?.stop();
  await labDown(topology.cluster.name);
});

/** What the node's agent answers. */
async function ask(node: string, resource: string, ...options: readonly string[]): Promise<unknown> {
  const argv = ["curl", "-s", "--unix-socket", "/run/holdfast/agent.sock", ...options];
  const { stdout } = await lab
    .machine(node)
    .exec([...argv, `http://agent/v1/${resource}`], { timeout: 30_000 });
  return JSON.parse(stdout);
}

const mirror = async (node = "lb-a") => ((await ask(node, "status")) as ClusterStatus).services[0]?.mirror;

/** The master controller hears from now on, of every switch, what it asked. */
async function answered(timeout = 20_000): Promise<void> {
  const from = said.length;
  const lately = () => said.slice(from);
  for (const datapath of datapaths)
    for (const what of ["ports", "flows", "barrier"])
      await expect
        .poll(() => lately().some((line) => line.startsWith(`${what} ${datapath}`)), { timeout })
        .toBe(true);
}

const connections = async () =>
  Promise.all(
    ["switch-1", "switch-2"].map(async (name) =>
      connectionTimes((await lab.machine(name).exec(["cat", "/run/log/ovs-vswitchd.log"])).stdout),
    ),
  );

/** Hosts reach each other by flows that the pool's controller installs. */
async function served(): Promise<void> {
  const { stdout } = await lab.machine("host-2").exec(["hostname", "-I"]);
  const ping = ["ping", "-c", "1", "-W", "1", stdout.trim()];
  await expect
    .poll(async () => (await lab.machine("host-1").exec(ping)).stdout, { timeout: 20_000 })
    .toContain("1 received");
}

test("the switches answer the master controller, its flow is in them, and its mistake comes back to it", async () => {
  await expect
    .poll(() => mirror(), { timeout: 30_000 })
    .toMatchObject({ via: "inline", connected: 2, switches: 2, why: null });
  await answered();
  for (const [index, datapath] of datapaths.entries()) {
    expect(said.find((line) => line.startsWith(`flows ${datapath}`))).toMatch(/ 1$/);
    // OFPET_BAD_ACTION, OFPBAC_BAD_OUT_GROUP, of the group that is not there.
    expect(said).toContainEqual(expect.stringMatching(`^error ${datapath} \\d+ 2 9$`));
    const flows = ["ovs-ofctl", "-O", "OpenFlow13", "dump-flows", "br0"];
    const { stdout } = await lab.machine(`switch-${index + 1}`).exec(flows);
    expect(stdout).toContain("cookie=0x61736b");
  }
  await served();
});

test("what alerts and the dashboard ask of a master controller in the path is told", async () => {
  const scrapes = await scrapesOf(lab, ["lb-a", "lb-b"]);
  expect(untoldBy(scrapes, /^holdfast_mirror_(?!audit_)/)).toEqual([]);
  expect(scrapes[0]).toContain('\nholdfast_mirror_up{service="openflow"} 1\n');
});

test("a master controller that stands still, and one that dies, costs the switches nothing", async () => {
  const before = await connections();
  process.kill(asking.pid, "SIGSTOP");
  await served();
  await sleep(5_000);
  process.kill(asking.pid, "SIGCONT");
  await answered();
  expect(await connections()).toEqual(before);
});

test.each([
  ["dies", "SIGKILL"],
  ["stands still", "SIGSTOP"],
] as const)(
  "a multiplexer that %s costs a reconnect: the switches are back, and so the master controller has them",
  async (_, signal) => {
    const before = await connections();
    await lab.faults.signal("lb-a", "holdfast-multiplexer", signal);
    await expect
      .poll(async () => (await connections()).map((times) => times.length), { timeout: 15_000 })
      .toEqual(before.map((times) => times.length + 1));
    await served();
    await answered(30_000);
  },
);

test.runIf(isThorough)(
  "switches that came while there was no multiplexer are served past it, and told, until they connect anew",
  async () => {
    const { services } = lab.machine("lb-a").host;
    await services.stop("holdfast-multiplexer");
    await expect.poll(async () => (await mirror())?.past, { timeout: 30_000 }).toBe(2);
    await served();
    await services.start("holdfast-multiplexer");
    // It is there again, and has none of them.
    await expect.poll(() => mirror(), { timeout: 20_000 }).toMatchObject({ switches: 0, past: 2, why: null });
    // What `status` names for that.
    expect(await ask("lb-a", "switchover", "--json", "{}")).toMatchObject({ to: "lb-b" });
    await expect.poll(() => mirror("lb-b"), { timeout: 30_000 }).toMatchObject({ connected: 2, past: 0 });
    await answered();
  },
);
