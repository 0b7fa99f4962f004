import { clientOn } from "../src/drill/vantage.js";
import type { ClusterStatus } from "../src/fleet/status.js";
import { labDown } from "../src/lab/down.js";
import type { Lab, LabProcess } from "../src/lab/lab.js";
import type { SpokenConnection } from "../src/lab/openflow-load/load-switch.js";
import type { Recording } from "../src/lab/openflow-load/recording.js";
import type { Sum } from "../src/lab/openflow-load/transcript.js";
import { program } from "../src/lab/program.js";
import { labUp } from "../src/lab/up.js";
import { benchTopology, ofTopology } from "./pairs/pair.js";

const [virtualIp, master, recorder] = ["10.0.1.100", "10.0.2.50", "10.0.2.51"];

interface SoakService {
  readonly name: string;
  readonly mode: "proxy" | "nat";
  readonly port: number;
  /** Whether its copy goes to a program that keeps a sum of each stream; else to os-ken. */
  readonly summed: boolean;
}

export const services: readonly SoakService[] = [
  { name: "openflow", mode: "proxy", port: 6653, summed: false },
  { name: "translated", mode: "nat", port: 6654, summed: false },
  { name: "summed", mode: "proxy", port: 6655, summed: true },
  { name: "translated-summed", mode: "nat", port: 6656, summed: true },
];

/** Streams whose copy is what the switch said, those whose copy is not, and the bytes of all. */
export interface Comparison {
  readonly same: number;
  readonly differ: readonly string[];
  readonly bytes: number;
}

export interface Speech {
  readonly datapath: string;
  readonly connections: readonly SpokenConnection[];
}

/** What a ping carries, in hexadecimal as the master controller's log has it. */
const mark = "6d697272";

/** Four services with three real os-ken controllers each, two real switches, and two machines that get the copies. */
export class SoakStage {
  private constructor(
    private readonly lab: Lab,
    private readonly recorders: readonly LabProcess[],
  ) {}

  static async up(signal: AbortSignal): Promise<SoakStage> {
    const { cluster, configure } = ofTopology("holdfast", topology());
    const lab = await labUp(cluster, { switches: 2, signal, configure });
    await lab.faults.signal("recorder", "controller", "SIGKILL");
    const recorders = await Promise.all(
      services
        .filter(({ summed }) => summed)
        .map(({ port }) =>
          lab.machine("recorder").spawn([process.execPath, program.openflowRecorder, recorder, String(port)]),
        ),
    );
    const elsewhere = ["ovs-vsctl", "set-controller", "br0", `tcp:${virtualIp}:6654`];
    await lab.machine("switch-2").exec(elsewhere);
    return new SoakStage(lab, recorders);
  }

  down(): Promise<boolean> {
    return labDown(this.lab.cluster.name);
  }

  /** Has generated switches speak to a service; resolves to what each said. */
  async speak(
    { name, port }: SoakService,
    { switches, rate, base, seconds }: { switches: number; rate: number; base: number; seconds: number },
  ): Promise<Speech[]> {
    const client = this.lab.machine(clientOn("switches"));
    const directory = `/run/said-${name}`;
    const words = ["--switches", switches, "--rate", rate, "--base", base, "--seconds", seconds].map(String);
    const argv = [process.execPath, program.openflowLoad, virtualIp, String(port), ...words];
    const running = await client.spawn([...argv, "--transcript", directory]);
    const { exitCode, stderr } = await running.ended;
    if (exitCode !== 0) throw new Error(`the generator ended with ${exitCode}: ${stderr}`);
    const { stdout } = await client.exec(["sh", "-c", `cat ${directory}/*.json`]);
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Speech);
  }

  /** Ids of the switches that speak to os-ken's services, besides the real ones. */
  generated(switches: number): string[] {
    return services.flatMap(({ summed }, index) =>
      summed ? [] : Array.from({ length: switches }, (_, each) => named(0x1000 * (index + 1) + each)),
    );
  }

  /** As the real switches themselves say. */
  async ownDatapaths(): Promise<string[]> {
    return Promise.all(
      ["switch-1", "switch-2"].map(async (name) => {
        const { stdout } = await this.lab
          .machine(name)
          .exec(["ovs-vsctl", "get", "bridge", "br0", "datapath_id"]);
        return stdout.trim().replaceAll('"', "");
      }),
    );
  }

  /** Ids of the datapaths that have a session at os-ken, once for each session. */
  async present(): Promise<string[]> {
    const lines = await this.#log();
    const came = lines.flatMap((line) => / came (\S+)/.exec(line)?.[1] ?? []);
    for (const gone of lines.flatMap((line) => / gone (\S+)/.exec(line)?.[1] ?? []))
      came.splice(came.indexOf(gone), 1);
    return came.sort();
  }

  /** How many sessions ended. */
  async gone(): Promise<number> {
    return (await this.#log()).filter((line) => line.includes(" gone ")).length;
  }

  /** Sends a frame that no flow knows from this host; whether os-ken heard of it. */
  async pinged(host: string): Promise<boolean> {
    const heard = async () => (await this.#log()).filter((line) => line.includes(mark)).length;
    const before = await heard();
    const other = host === "host-1" ? "host-2" : "host-1";
    const to = (await this.lab.machine(other).exec(["hostname", "-I"])).stdout.trim();
    const machine = this.lab.machine(host);
    await machine.exec(["ip", "neighbour", "replace", to, "lladdr", "02:00:00:00:00:99", "dev", "eth1"]);
    await machine.exec(["ping", "-c", "1", "-W", "1", "-p", mark, to]);
    return (await heard()) > before;
  }

  /** What the switches of the summed services said, beside what their copies were. */
  async compare(speeches: readonly Speech[]): Promise<Comparison> {
    const copies = new Map<string, Sum[]>();
    for (const running of this.recorders)
      for (const line of (await running.stop("SIGTERM")).trim().split("\n")) {
        const { datapath, told } = JSON.parse(line) as Partial<Recording["line"]>;
        if (datapath && told) copies.set(datapath, [...(copies.get(datapath) ?? []), told]);
      }
    let [same, bytes] = [0, 0];
    const differ: string[] = [];
    for (const { datapath, connections } of speeches) {
      if (Number.parseInt(datapath, 16) < 0x3000) continue;
      for (const { afterGreeting } of connections) {
        bytes += afterGreeting.bytes;
        const own = copies.get(datapath) ?? [];
        if (own.some(({ sha256 }) => sha256 === afterGreeting.sha256)) same += 1;
        else
          differ.push(`${datapath}: ${own.map((copy) => copy.bytes).join()} of ${afterGreeting.bytes} bytes`);
      }
    }
    return { same, differ, bytes };
  }

  /** What the node that mirrors says of it. */
  async told(): Promise<string> {
    const argv = ["curl", "-s", "--unix-socket", "/run/holdfast/agent.sock", "http://agent/v1/status"];
    const status: ClusterStatus = JSON.parse((await this.lab.machine("lb-a").exec(argv)).stdout);
    return JSON.stringify(status.services.map(({ mirror }) => mirror));
  }

  async #log(): Promise<string[]> {
    const { stdout } = await this.lab.machine("master").exec(["sh", "-c", "cat /run/log/master-*.log"]);
    return stdout.split("\n");
  }
}

const named = (datapath: number): string => datapath.toString(16).padStart(16, "0");

/** The bench's pair with these services in the place of its own. */
function topology(): string {
  const block = services.map(({ name, mode, port, summed }) => {
    const to = summed
      ? `{ name: recorder, address: ${recorder}, port: ${port} }`
      : `{ name: master, address: ${master}, port: ${port} }`;
    const servers = [1, 2, 3].map(
      (each) => `      - { name: c${each}, address: 10.0.2.1${each}, port: ${port} }\n`,
    );
    return [
      `  - name: ${name}\n    listen: { virtual_ip: controller-ip, port: ${port} }\n    mode: ${mode}\n`,
      `    health_check: { type: openflow }\n    servers:\n${servers.join("")}    mirror: { to: ${to} }\n`,
    ].join("");
  });
  return benchTopology()
    .replace(/^cluster: .*$/m, "cluster: bench-mirror-soak")
    .replace(/^services:\n(?:[ #].*\n|\n)*/m, `services:\n${block.join("")}\n`);
}
