import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MirrorStatus } from "../../src/fleet/mirror-status.js";
import type { ClusterStatus } from "../../src/fleet/status.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { connectionTimes } from "../../src/lab/open-vswitch.js";
import { isThorough } from "../thorough.js";
import { edited, ensureBuilt, example, labFor, type Written } from "./topology.js";

type Event = { readonly kind: string; readonly text: string };

const datapaths = ["0000000000000001", "0000000000000002"];
/** What a ping carries, in hexadecimal as the master controller's log has it. */
const mark = "6d697272";

/** One lab, and what its master controller has. */
class Stage {
  private constructor(
    private readonly lab: Lab,
    /** Sessions outlive the node that carried them. */
    readonly outlives: boolean,
  ) {}

  static async up(topology: Written): Promise<Stage> {
    const outlives = topology.cluster.services[0]?.mode === "nat";
    return new Stage(await labFor(topology, { switches: 2 }), outlives);
  }

  get faults() {
    return this.lab.faults;
  }

  async log(): Promise<string[]> {
    return (await this.#read("master", "/run/log/master-6653.log")).split("\n");
  }

  async mirrorAt(node: string): Promise<MirrorStatus | undefined> {
    return (await this.ask<ClusterStatus>(node, "status")).services[0]?.mirror;
  }

  async ask<T>(node: string, path: string, ...options: string[]): Promise<T> {
    const argv = [
      "curl",
      "-s",
      "--unix-socket",
      "/run/holdfast/agent.sock",
      ...options,
      `http://agent/v1/${path}`,
    ];
    return JSON.parse(await this.exec(node, ...argv));
  }

  async exec(machine: string, ...argv: string[]): Promise<string> {
    return (await this.lab.machine(machine).exec(argv, { timeout: 30_000 })).stdout;
  }

  /** Its number among the node's own processes. */
  async mirrorProcess(node: string): Promise<string> {
    return (await this.exec(node, "pgrep", "-o", "-f", "mirror/process/program")).trim();
  }

  /** What the node told of its mirrors. */
  async news(node: string): Promise<string[]> {
    const { events } = await this.ask<{ events: Event[] }>(node, "events?limit=1000");
    return events.flatMap(({ kind, text }) => (kind === "mirror" ? [text] : []));
  }

  /** Waits until the master controller has every switch. @param patience milliseconds */
  async connected(node: string, patience: number): Promise<void> {
    const all = { connected: 2, switches: 2, why: null };
    await expect.poll(() => this.mirrorAt(node), { timeout: patience }).toMatchObject(all);
  }

  /** Waits until the master controller has every switch, and hears what is said from now on, through this node. */
  async whole(node: string): Promise<void> {
    await this.connected(node, 20_000);
    const from = (await this.log()).length - 1;
    await expect.poll(() => this.#heardPing(from), { timeout: 20_000 }).toBe(true);
  }

  /** Times at which the switches got a controller. */
  async connections(): Promise<number[][]> {
    const logs = ["switch-1", "switch-2"].map((name) => this.#read(name, "/run/log/ovs-vswitchd.log"));
    return (await Promise.all(logs)).map(connectionTimes);
  }

  /** Drops (`-I`), or admits again (`-D`), every packet from and to the master controller: neither end is told. */
  async silence(how: "-I" | "-D"): Promise<void> {
    for (const chain of ["INPUT", "OUTPUT"])
      await this.lab.machine("master").exec(["iptables", how, chain, "-p", "tcp", "-j", "DROP"]);
  }

  async #read(machine: string, path: string): Promise<string> {
    return this.exec(machine, "cat", path);
  }

  /** A frame that no flow knows: each one comes to the controllers. */
  async ping(): Promise<void> {
    const host = this.lab.machine("host-1");
    const { stdout } = await this.lab.machine("host-2").exec(["hostname", "-I"]);
    const to = stdout.trim();
    await host.exec(["ip", "neighbour", "replace", to, "lladdr", "02:00:00:00:00:99", "dev", "eth1"]);
    await host.exec(["ping", "-c", "1", "-W", "1", "-p", mark, to]);
  }

  async #heardPing(from: number): Promise<boolean> {
    await this.ping();
    return (await this.log()).slice(from).some((line) => line.includes("packet-in") && line.includes(mark));
  }
}

const topologies = [
  example("campus-routed", "lab-mirror-nat"),
  edited(example("pair", "lab-mirror-proxy"), [
    "\nnat:\n",
    "    mirror: { to: { name: master, address: 10.0.2.50, port: 6653 } }\n\nnat:\n",
  ]),
];
let stages: Stage[] = [];

beforeAll(async () => {
  ensureBuilt();
  stages = await Promise.all(topologies.map(Stage.up));
});
afterAll(() => Promise.all(topologies.map(({ cluster }) => labDown(cluster.name))));

/** With a nat service and with a proxy service, at the same time. */
const withEach = async (look: (stage: Stage) => Promise<void>): Promise<void> => {
  await Promise.all(stages.map(look));
};

test("the master controller has every switch by its own datapath id, and hears what it says", () =>
  withEach(async (stage) => {
    await stage.whole("lb-a");
    const came = (await stage.log()).flatMap((line) => / came (\S+) 1\.3$/.exec(line)?.[1] ?? []);
    expect(new Set(came)).toEqual(new Set(datapaths));
    const clean = { via: "tap", to: "master", dropped: 0, resyncs: 0, lost_bytes: 0 };
    expect(await stage.mirrorAt("lb-a")).toMatchObject(clean);
  }));

test.runIf(isThorough)(
  "one that stands still, and one that dies, is nothing to the switches, and has them again afterwards",
  () =>
    withEach(async (stage) => {
      const before = await stage.connections();
      await stage.faults.signal("master", "controller", "SIGSTOP");
      await sleep(7_000);
      await stage.faults.signal("master", "controller", "SIGCONT");
      await stage.whole("lb-a");
      await stage.faults.signal("master", "controller", "SIGKILL");
      await expect.poll(async () => (await stage.mirrorAt("lb-a"))?.connected, { timeout: 10_000 }).toBe(0);
      await stage.faults.start("master", "controller");
      await stage.whole("lb-a");
      expect(before.flat().length).toBeGreaterThan(0);
      expect(await stage.connections()).toEqual(before);
    }),
);

// It takes what the kernel takes to give up: half a minute.
test.runIf(isThorough)(
  "one whose packets vanish is noticed, what it did not get is counted, and it has the switches again afterwards",
  () =>
    withEach(async (stage) => {
      const before = await stage.connections();
      const had = (await stage.mirrorAt("lb-a"))?.dropped ?? 0;
      await stage.silence("-I");
      await stage.ping();
      await expect
        .poll(async () => (await stage.mirrorAt("lb-a"))?.queued, { timeout: 5_000 })
        .toBeGreaterThan(0);
      await expect
        .poll(() => stage.mirrorAt("lb-a"), { timeout: 40_000, interval: 500 })
        .toMatchObject({ connected: 0, why: expect.stringMatching(/30 s$|^it does not answer$/) });
      await stage.silence("-D");
      await stage.whole("lb-a");
      expect((await stage.mirrorAt("lb-a"))?.dropped).toBeGreaterThan(had);
      expect(before.flat().length).toBeGreaterThan(0);
      expect(await stage.connections()).toEqual(before);
    }),
);

test("after a planned move, and when both agents die one after the other, it has them through whoever is active", () =>
  withEach(async (stage) => {
    expect(await stage.ask("lb-a", "switchover", "--json", "{}")).toMatchObject({ to: "lb-b" });
    await stage.whole("lb-b");
    await stage.faults.signal("lb-a", "holdfast-agent", "SIGKILL");
    await sleep(1_000);
    await stage.faults.signal("lb-b", "holdfast-agent", "SIGKILL");
    await stage.whole("lb-b");
  }));

test.runIf(isThorough)("a process that hangs is told of, killed and started again, and goes on", () =>
  withEach(async (stage) => {
    const hung = await stage.mirrorProcess("lb-b");
    await stage.exec("lb-b", "kill", "-STOP", hung);
    await expect
      .poll(() => stage.mirrorAt("lb-b"), { timeout: 10_000 })
      .toMatchObject({ connected: 0, why: "the process that mirrors says nothing" });
    await stage.whole("lb-b");
    expect(await stage.mirrorProcess("lb-b")).not.toBe(hung);
    expect(await stage.news("lb-b")).toContainEqual(
      expect.stringMatching(/ does not get the copy of openflow: .* says nothing$/),
    );
  }),
);

test("after a power loss it has them in seconds, what was missed is told, and so it is when the agent dies that is left", () =>
  withEach(async (stage) => {
    await stage.faults.powerOff("lb-b");
    await stage.connected("lb-a", 6_000);
    await stage.whole("lb-a");
    if (stage.outlives)
      await expect
        .poll(() => stage.news("lb-a"), { timeout: 10_000 })
        .toContainEqual(
          expect.stringMatching(
            /goes on here: 2 of 2 switches at the master controller, with(out .*| nothing missing)/,
          ),
        );
    await stage.faults.signal("lb-a", "holdfast-agent", "SIGKILL");
    await stage.connected("lb-a", 10_000);
    await stage.whole("lb-a");
  }));
