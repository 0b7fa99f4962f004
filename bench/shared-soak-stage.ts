import type { ClusterStatus } from "../src/fleet/status.js";
import { labDown } from "../src/lab/down.js";
import type { Lab } from "../src/lab/lab.js";
import { connectionTimes, switchLog } from "../src/lab/open-vswitch.js";
import { labUp } from "../src/lab/up.js";
import { type Speaker, speaking } from "./os-ken.js";
import { benchTopology, ofTopology } from "./pairs/pair.js";

const pool = ["c1", "c2", "c3"];
const switches = ["switch-1", "switch-2"];
const cookie = "0x61736b";
const flows = ["ovs-ofctl", "-O", "OpenFlow13", "dump-flows", "br0"];

/** Two real switches whose sessions a real os-ken that asks shares with those of the pool, all watched from the first connection on. */
export class SharedSoakStage {
  readonly datapaths = ["0000000000000001", "0000000000000002"];

  private constructor(
    private readonly lab: Lab,
    private readonly pool: readonly Speaker[],
    private readonly master: Speaker,
  ) {}

  static async up(signal: AbortSignal): Promise<SharedSoakStage> {
    const { cluster, configure } = ofTopology("holdfast", topology());
    const speakers: Speaker[] = [];
    const lab = await labUp(cluster, {
      ...{ switches: switches.length, signal },
      // In the places of those that say nothing of what they get, before there is a switch.
      async configure(started, aborted) {
        for (const name of pool)
          speakers.push(await speaking(started, name, "learning_switch.py", "pool_witness.py"));
        speakers.push(await speaking(started, "master", "asking_controller.py"));
        await configure(started, aborted);
      },
    });
    const master = speakers.pop();
    if (master === undefined) throw new Error("nobody asks");
    return new SharedSoakStage(lab, speakers, master);
  }

  down(): Promise<boolean> {
    return labDown(this.lab.cluster.name);
  }

  /** What the master controller said, from its start. */
  get asking(): readonly string[] {
    return this.master.lines;
  }

  /** What the pool's controllers said, each from its start. */
  witnessed(): string[][] {
    return this.pool.map(({ lines }) => [...lines]);
  }

  /** Ends the pool's controllers; what they complained of in all that time. */
  async complaints(): Promise<string[]> {
    const ended = await Promise.all(
      this.pool.map(async ({ running }) => {
        await running.stop();
        return (await running.ended).stderr;
      }),
    );
    return ended.flatMap((text) => text.split("\n").filter((line) => /error|exception|warning/i.test(line)));
  }

  /** Of each switch's own log: how often it had a controller, and every word on its connection. */
  async connections(): Promise<{ readonly connections: number; readonly words: string[] }[]> {
    return Promise.all(
      switches.map(async (name) => {
        const { stdout } = await this.lab.machine(name).exec(["cat", switchLog]);
        const words = stdout.split("\n").filter((line) => /\|rconn\|[A-Z]+\|br0<->/.test(line));
        return { connections: connectionTimes(stdout).length, words };
      }),
    );
  }

  /** Datapaths whose switch has the master controller's flow. */
  async holders(): Promise<string[]> {
    const tables = await this.#tables();
    return this.datapaths.filter((_, index) => tables[index]?.includes(`cookie=${cookie}`));
  }

  /** Has a host under an address that nobody knows yet reach the other one, which takes flows of the pool's in both switches. */
  async pinged(number: number): Promise<{ readonly answered: boolean; readonly learned: boolean }> {
    const [from = "", other = ""] = number % 2 === 0 ? ["host-1", "host-2"] : ["host-2", "host-1"];
    const mac = `02:00:00:01:${(number >> 8).toString(16).padStart(2, "0")}:${(number & 255).toString(16).padStart(2, "0")}`;
    const to = (await this.lab.machine(other).exec(["hostname", "-I"])).stdout.trim();
    const machine = this.lab.machine(from);
    await machine.exec(["ip", "link", "set", "eth1", "address", mac]);
    await machine.exec(["ip", "neighbour", "flush", "dev", "eth1"]);
    const { stdout } = await machine.exec(["ping", "-c", "1", "-W", "5", to]);
    const tables = await this.#tables();
    return { answered: stdout.includes("1 received"), learned: tables.every((table) => table.includes(mac)) };
  }

  /** What the node in whose path the multiplexer stands says of the service. */
  async mirror() {
    const argv = ["curl", "-s", "--unix-socket", "/run/holdfast/agent.sock", "http://agent/v1/status"];
    const { stdout } = await this.lab.machine("lb-a").exec(argv, { timeout: 30_000 });
    return (JSON.parse(stdout) as ClusterStatus).services[0]?.mirror;
  }

  async #tables(): Promise<string[]> {
    return Promise.all(switches.map(async (name) => (await this.lab.machine(name).exec(flows)).stdout));
  }
}

/** The bench's pair under a name of its own. A failover would end the sessions, and none is asked for: its adverts are the slowest. */
const topology = (): string =>
  benchTopology()
    .replace(/^cluster: .*$/m, "cluster: bench-shared-soak")
    .replace(/^( *profile:) \w+/m, "$1 conservative")
    .replace(
      "\nnat:\n",
      `    mirror:
      to: { name: master, address: 10.0.2.50, port: 6653 }
      via: inline
      replies: forward
      writes: forward

nat:
`,
    );
