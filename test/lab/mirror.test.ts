import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MirrorStatus } from "../../src/fleet/mirror-status.js";
import type { ClusterStatus } from "../../src/fleet/status.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { connectionTimes } from "../../src/lab/open-vswitch.js";
import { edited, ensureBuilt, example, labFor } from "./topology.js";

const datapaths = ["0000000000000001", "0000000000000002"];
/** What a ping carries, in hexadecimal as the master controller's log has it. */
const mark = "6d697272";

const routed = () => example("campus-routed", "lab-mirror-nat");
const pair = () =>
  edited(example("pair", "lab-mirror-proxy"), [
    "\nnat:\n",
    "    mirror: { to: { name: master, address: 10.0.2.50, port: 6653 } }\n\nnat:\n",
  ]);

beforeAll(ensureBuilt);

describe.each([
  ["nat", routed],
  ["proxy", pair],
])("with %s", (_, topologyOf) => {
  const topology = topologyOf();
  const { cluster } = topology;
  let lab: Lab;
  beforeAll(async () => {
    lab = await labFor(topology, { switches: 2 });
  });
  afterAll(() => labDown(cluster.name));

  const read = async (machine: string, path: string): Promise<string> =>
    (await lab.machine(machine).exec(["cat", path])).stdout;
  const log = async (): Promise<string[]> => (await read("master", "/run/log/master-6653.log")).split("\n");

  /** A frame that no flow knows: each one comes to the controllers. */
  async function heardPing(from: number): Promise<boolean> {
    const host = lab.machine("host-1");
    const { stdout } = await lab.machine("host-2").exec(["hostname", "-I"]);
    const to = stdout.trim();
    await host.exec(["ip", "neighbour", "replace", to, "lladdr", "02:00:00:00:00:99", "dev", "eth1"]);
    await host.exec(["ping", "-c", "1", "-W", "1", "-p", mark, to]);
    return (await log()).slice(from).some((line) => line.includes("packet-in") && line.includes(mark));
  }

  async function ask<T>(node: string, path: string, ...options: string[]): Promise<T> {
    const argv = [
      "curl",
      "-s",
      "--unix-socket",
      "/run/holdfast/agent.sock",
      ...options,
      `http://agent/v1/${path}`,
    ];
    return JSON.parse((await lab.machine(node).exec(argv, { timeout: 30_000 })).stdout);
  }

  const mirrorAt = async (node: string): Promise<MirrorStatus | undefined> =>
    (await ask<ClusterStatus>(node, "status")).services[0]?.mirror;

  /** Waits until the master controller has every switch, and hears what is said from now on, through this node. */
  async function whole(node: string): Promise<void> {
    const all = { connected: 2, switches: 2, why: null };
    await expect.poll(() => mirrorAt(node), { timeout: 20_000 }).toMatchObject(all);
    const from = (await log()).length - 1;
    await expect.poll(() => heardPing(from), { timeout: 20_000 }).toBe(true);
  }

  /** Times at which the switches got a controller. */
  const connections = async (): Promise<number[][]> =>
    Promise.all(
      ["switch-1", "switch-2"].map(async (name) =>
        connectionTimes(await read(name, "/run/log/ovs-vswitchd.log")),
      ),
    );

  test("the master controller has every switch by its own datapath id, and hears what it says", async () => {
    await whole("lb-a");
    const came = (await log()).flatMap((line) => / came (\S+) 1\.3$/.exec(line)?.[1] ?? []);
    expect(new Set(came)).toEqual(new Set(datapaths));
    expect(await mirrorAt("lb-a")).toMatchObject({
      via: "tap",
      to: "master",
      dropped: 0,
      resyncs: 0,
      lost_bytes: 0,
    });
  });

  test("one that stands still, and one that dies, is nothing to the switches, and has them again afterwards", async () => {
    const before = await connections();
    await lab.faults.signal("master", "controller", "SIGSTOP");
    await sleep(7_000);
    await lab.faults.signal("master", "controller", "SIGCONT");
    await whole("lb-a");
    await lab.faults.signal("master", "controller", "SIGKILL");
    await expect.poll(async () => (await mirrorAt("lb-a"))?.connected, { timeout: 10_000 }).toBe(0);
    await lab.faults.start("master", "controller");
    await whole("lb-a");
    expect(before.flat().length).toBeGreaterThan(0);
    expect(await connections()).toEqual(before);
  });

  test("after a planned move, an agent's restart and a power loss it has them through whoever is active", async () => {
    expect(await ask("lb-a", "switchover", "--json", "{}")).toMatchObject({ to: "lb-b" });
    await whole("lb-b");
    await lab.faults.signal("lb-b", "holdfast-agent", "SIGKILL");
    await whole("lb-b");
    await lab.faults.powerOff("lb-b");
    await whole("lb-a");
  });
});
