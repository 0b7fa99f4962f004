import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Host, Services } from "../../src/host/host.js";
import { openHost } from "../../src/host/machine.js";
import { bootCommands } from "../../src/render/boot.js";
import { agentDaemon, haproxyDaemon, keepalivedDaemon } from "../../src/render/daemons.js";
import { renderNode } from "../../src/render/render.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { nodeNamed } from "../../src/topology/select.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** Nobody restarts what a test kills. */
const noServices: Services = {
  status: async () => ({ running: false, pid: null, restarts: 0 }),
  start: async () => {},
  stop: async () => {},
  reload: async () => {},
  restart: async () => {},
  enable: async () => {},
  disable: async () => {},
  reloadUnits: async () => {},
};

const must = (argv: readonly string[], input = ""): string => {
  const [file = "", ...args] = argv;
  const { status, stdout, stderr } = spawnSync(file, args, { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  return stdout;
};

/** Namespaces that end when this test does: their first process reads a pipe that closes then. */
class Space {
  private constructor(
    private readonly holder: ChildProcess,
    /** PID of its init, as this machine counts. */
    readonly pid: number,
  ) {}

  static async open(script: string): Promise<Space> {
    const options = [
      "--net",
      "--mount",
      "--pid",
      "--fork",
      "--kill-child",
      "--mount-proc",
      "--propagation=private",
    ];
    const shell = ["sh", "-ec", `${script}\nip link set lo up; echo ready; exec tini -- cat`];
    const holder = spawn("unshare", [...options, ...shell], { stdio: ["pipe", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    const [pid] = readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, "utf8")
      .split(" ")
      .map(Number);
    if (pid === undefined) throw new Error("the namespace has no init");
    return new Space(holder, pid);
  }

  /** As ps prints it. */
  get pidNamespace(): string {
    return must(["ps", "-o", "pidns=", "-p", String(this.pid)]).trim();
  }

  get enter(): string[] {
    return ["nsenter", `--target=${this.pid}`, "--net", "--mount", "--pid", "--"];
  }

  run(argv: readonly string[], input = ""): string {
    return must([...this.enter, ...argv], input);
  }

  /** A cable from a device of this space to one of another. */
  wire(here: string, there: string, other: Space): void {
    const far = ["type", "veth", "peer", "name", there, "netns", String(other.pid)];
    must(["nsenter", `--target=${this.pid}`, "--net", "--", "ip", "link", "add", here, ...far]);
  }

  async close(): Promise<void> {
    if (this.holder.exitCode !== null || this.holder.signalCode !== null) return;
    process.kill(this.pid, "SIGKILL");
    await once(this.holder, "exit");
  }
}

/** One line of an agent's log. */
export interface LogLine {
  readonly msg: string;
  readonly [field: string]: unknown;
}

export class RigNode {
  readonly agentLog: LogLine[] = [];

  constructor(
    readonly name: string,
    readonly space: Space,
    readonly host: Host,
  ) {}

  start(daemon: "keepalived" | "haproxy" | "holdfast-agent"): void {
    const { argv } = [keepalivedDaemon, haproxyDaemon, agentDaemon([process.execPath, main])].find(
      ({ name }) => name === daemon,
    ) ?? { argv: [] };
    this.launch(argv, daemon === "holdfast-agent");
  }

  /** In the agent's place: its core alone, which SIGUSR2 replaces by the next. */
  startReplaceable(): void {
    this.launch([process.execPath, fileURLToPath(new URL("replaced-agent.mjs", import.meta.url))], true);
  }

  private launch(argv: readonly string[], logs: boolean): void {
    // Left to the namespace's own init: nsenter would stop with a stopped child and never reap it.
    const [file = "", ...args] = [...this.space.enter, "sh", "-c", '"$@" &', "sh", ...argv];
    const child = spawn(file, args, {
      stdio: ["ignore", "ignore", logs ? "pipe" : "ignore"],
    });
    let rest = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.agentLog.push(line.startsWith("{") ? JSON.parse(line) : { msg: line });
    });
  }

  /** As systemd would: an engine that did not survive its start is started again. */
  restartDead(): void {
    for (const daemon of ["keepalived", "haproxy"] as const) {
      if (this.pids(daemon).length > 0) continue;
      this.agentLog.push({ msg: `${daemon} was not running and is started again` });
      this.start(daemon);
    }
  }

  /** PIDs, as this machine counts, of the living processes of that name in the node's own namespace. */
  pids(name: string): number[] {
    const own = this.space.pidNamespace;
    return must(["ps", "-e", "-o", "pid=,pidns=,stat=,comm="])
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, namespace, state, comm]) => namespace === own && !state?.startsWith("Z") && comm === name)
      .map(([pid]) => Number(pid));
  }

  signal(name: string, signal: NodeJS.Signals): void {
    for (const pid of this.pids(name)) send(pid, signal);
  }

  has(address: string): boolean {
    return this.space.run(["ip", "-o", "address", "show"]).includes(` ${address}/`);
  }

  async state(): Promise<Record<string, unknown>> {
    const answer = await this.host.ask("/run/holdfast/agent.sock", "GET /v1/state HTTP/1.0\r\n\r\n");
    return JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")));
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended with its parent, just now.
  }
}

/** Two or more real nodes on real networks; the fabric itself answers at `hosts` and is the witness of all. */
export class Rig {
  readonly nodes: RigNode[] = [];
  private constructor(readonly fabric: Space) {}

  static async open(cluster: Cluster, hosts: Readonly<Record<string, string>>): Promise<Rig> {
    const rig = new Rig(await Space.open(":"));
    for (const { name, cidrs } of cluster.networks) {
      rig.fabric.run(["ip", "link", "add", name, "type", "bridge"]);
      // Left to itself a bridge takes a port's MAC address, and another when that port leaves: the witness would fall
      // silent for everyone until their neighbour entries are renewed.
      rig.fabric.run(["ip", "link", "set", name, "address", "02:00:00:00:00:01", "up"]);
      const address = hosts[name];
      if (address) rig.fabric.run(["ip", "address", "add", `${address}/${cidrs[0]?.prefix}`, "dev", name]);
    }
    try {
      for (const node of cluster.nodes) await rig.boot(cluster, node.name);
    } catch (error) {
      await rig.close();
      throw error;
    }
    return rig;
  }

  node(name: string): RigNode {
    const node = this.nodes.find((candidate) => candidate.name === name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  /** Carrier stays up, nothing passes. */
  cut(node: string, network: string): void {
    this.fabric.run(["ip", "link", "set", port(node, network), "nomaster"]);
  }

  mend(node: string, network: string): void {
    this.fabric.run(["ip", "link", "set", port(node, network), "master", network]);
  }

  async close(): Promise<void> {
    for (const { space } of this.nodes) await space.close();
    await this.fabric.close();
  }

  private async boot(cluster: Cluster, name: string): Promise<void> {
    const node = nodeNamed(cluster, name);
    const space = await Space.open(`
mount -t tmpfs tmpfs /run; mkdir /run/program; mount --bind . /run/program
mount -t tmpfs tmpfs /tmp; mkdir -p "$PWD"; mount --bind /run/program "$PWD"
mkdir -p /run/etc/upper /run/etc/work /run/haproxy
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work /etc
mkdir -p /run/lib/upper /run/lib/work
mount -t overlay overlay -o lowerdir=/var/lib,upperdir=/run/lib/upper,workdir=/run/lib/work /var/lib
rm -rf /var/lib/holdfast
mount -t sysfs sysfs /sys`);
    const root = `/proc/${space.pid}/root`;
    const host = openHost({ name, root, enter: space.enter, services: noServices });
    this.nodes.push(new RigNode(name, space, host));
    for (const { network, device, addresses } of node.interfaces) {
      this.fabric.wire(port(name, network), device, space);
      for (const { address, prefix } of addresses)
        space.run(["ip", "address", "add", `${address}/${prefix}`, "dev", device]);
      space.run(["ip", "link", "set", device, "up"]);
      this.fabric.run(["ip", "link", "set", port(name, network), "master", network, "up"]);
    }
    for (const { path, body, mode } of renderNode(cluster, node)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), body);
      chmodSync(join(root, path), mode);
    }
    for (const { argv, mayFail } of bootCommands(cluster, node)) {
      const { exitCode, stderr } = await host.run(argv);
      if (exitCode !== 0 && !mayFail) throw new Error(`${argv.join(" ")}: ${stderr}`);
    }
  }
}

/** A device name has at most 15 bytes. */
const port = (node: string, network: string): string => `${node}-${network}`.slice(0, 15);

/** Waits until `holds` is true. @returns milliseconds it took */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadline = 10_000,
): Promise<number> {
  const begun = performance.now();
  while (!(await holds())) {
    if (performance.now() - begun > deadline) throw new Error(`not within ${deadline} ms: ${what}`);
    await sleep(5);
  }
  return performance.now() - begun;
}
