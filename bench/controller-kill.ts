import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { configureNodes } from "../src/cli/lab-up.js";
import { clientOn } from "../src/drill/vantage.js";
import { labDown } from "../src/lab/down.js";
import type { Lab, Machine } from "../src/lab/lab.js";
import { program } from "../src/lab/program.js";
import { labUp } from "../src/lab/up.js";
import { observeHaproxy } from "../src/observe/haproxy.js";
import { observeVrrp } from "../src/observe/vrrp.js";
import { chainOf } from "../src/render/bucket-chain.js";
import { endpoint } from "../src/render/haproxy.js";
import type { Server } from "../src/topology/cluster.js";
import { loadTopology } from "../src/topology/load.js";
import { serviceNamed } from "../src/topology/select.js";
import { detection } from "../src/topology/timing.js";
import type { Bench, BenchOptions } from "./bench.js";
import { type Jitter, recordJitter } from "./jitter.js";
import { median } from "./statistics.js";
import { enough, figureOf, type Trial } from "./trial.js";

/** Switches that say nothing, each with its own address; seconds between two attempts of one that was refused. */
const [switches, firstSwitch, retry] = [100, "10.0.1.130", 0.05];
/** Milliseconds: how old a session is at least when its controller dies, and how long is waited for anything. */
const [established, patience] = [1_200, 30_000];
/** Milliseconds between two checks of a controller: it dies at any moment between them. */
const interval = 1_000;

/** A controller's process, and a controller's machine: the first says that it goes, the second does not. */
const deaths = {
  kill: {
    strike: (lab: Lab, victim: string) => lab.faults.signal(victim, "controller", "SIGKILL"),
    mend: (lab: Lab, victim: string) => lab.faults.start(victim, "controller"),
  },
  silence: {
    strike: (lab: Lab, victim: string) => lab.faults.pathDead(victim, "controllers"),
    mend: (lab: Lab, victim: string) => lab.faults.pathAlive(victim, "controllers"),
  },
} as const;
type Death = (typeof deaths)[keyof typeof deaths];

/**
 * A switch keeps its controller (`balance: source`), so that each attempt goes to the dead one until it is known to be
 * dead. Open vSwitch would wait a second before its first attempt; here it follows at once, to see what is ours.
 */
export const controllerKill: Bench = {
  name: "controller-kill",
  summary: "how long until the switches of a killed controller are with another, where the kernel translates",
  async run(options) {
    const text = topology();
    const { cluster } = loadTopology(text);
    if (cluster === null) throw new Error("examples/by-turns.yaml is not valid");
    const servers = serviceNamed(cluster, "openflow").servers;
    options.progress("starting the lab");
    const limit = detection(cluster);
    const jitter = await recordJitter();
    try {
      const { signal } = options;
      const lab = await labUp(cluster, { switches: 0, signal, configure: configureNodes(text) });
      await addSwitches(lab.machine(clientOn("switches")));
      const struck = (runs: number, death: Death) =>
        enough(runs, limit, (run) => strike(lab, servers, run, death, jitter, options));
      const killed = await struck(options.runs, deaths.kill);
      // A machine without power takes its checks' timeouts, whatever we do: a few runs show it.
      const silent = await struck(Math.min(3, options.runs), deaths.silence);
      return [
        figureOf(killed, {
          name: "controller killed, its sessions on another (worst)",
          ...{ of: (values) => Math.max(...values), atMost: 1_500, limit },
        }),
        figureOf(silent, {
          name: "controller without power, its sessions on another",
          ...{ of: median, atMost: null, limit, note: "its switches hear nothing of it" },
        }),
      ];
    } finally {
      await labDown(cluster.name);
      await jitter.stop();
    }
  },
};

/** examples/by-turns.yaml with three equal controllers, of which a switch keeps its own. */
const topology = (): string =>
  readFileSync(new URL("../examples/by-turns.yaml", import.meta.url), "utf8")
    .replace(/^cluster: .*$/m, "cluster: bench")
    .replace("balance: roundrobin", "balance: source")
    .replace(", weight: 2 }", " }")
    .replace(/^.*name: spare,.*\n/m, "");

async function addSwitches(client: Machine): Promise<void> {
  const [first = "", last] = [firstSwitch.slice(0, firstSwitch.lastIndexOf(".")), firstSwitch.split(".")[3]];
  const batch = Array.from(
    { length: switches },
    (_, index) => `address add ${first}.${Number(last) + index}/24 dev eth1\n`,
  );
  const { exitCode, stderr } = await client.exec(["ip", "-batch", "-"], { stdin: batch.join("") });
  if (exitCode !== 0) throw new Error(stderr);
}

/** One controller dies: milliseconds until the last of its switches is greeted by another. */
async function strike(
  lab: Lab,
  servers: readonly Server[],
  run: number,
  { strike, mend }: Death,
  jitter: Jitter,
  { progress, signal }: BenchOptions,
): Promise<Trial<number>> {
  await until("every controller serves on every node", () => allServe(lab, servers), signal);
  const held = await holdSessions(lab.machine(clientOn("switches")));
  try {
    await until("every switch has its controller", () => held.up.size === switches, signal);
    await sleep(established + interval * Math.random(), undefined, { signal });
    const victim = servers[run % servers.length];
    if (victim === undefined) throw new Error("there is no controller to strike");
    const theirs = await sourcesOf(await activeNode(lab), victim);
    const at = Date.now();
    await strike(lab, victim.name);
    try {
      const back = (source: string) => (held.up.get(source) ?? 0) >= at;
      await until(`all of ${victim.name}'s switches are elsewhere`, () => theirs.every(back), signal);
    } finally {
      await mend(lab, victim.name);
    }
    const took = Math.max(...theirs.map((source) => (held.up.get(source) ?? 0) - at));
    progress(
      `${run + 1}: ${theirs.length} switches of ${victim.name} with another after ${took.toFixed(0)} ms`,
    );
    return { cost: took, stalls: jitter.between(at, at + took) };
  } finally {
    await held.stop();
  }
}

async function holdSessions(client: Machine) {
  const service = ["10.0.1.100", "6653"];
  const argv = [program.silentSessions, ...service, firstSwitch, String(switches), String(retry)];
  const running = await client.spawn(["/usr/bin/python3", "-B", ...argv]);
  /** When each switch was last greeted, in milliseconds since 1970; those that have no session are left out. */
  const up = new Map<string, number>();
  running.onLine((line) => {
    const [event, source = "", seconds] = line.split(" ");
    if (event === "up") up.set(source, Number(seconds) * 1_000);
    else up.delete(source);
  });
  return { up, stop: () => running.stop() };
}

/** The switches that the node's kernel translates to the server. */
async function sourcesOf({ host }: Machine, { address }: Server): Promise<string[]> {
  const { stdout } = await host.run(["conntrack", "-L", "-p", "tcp", "--reply-src", address, "--dst-nat"]);
  const sources = [...stdout.matchAll(/ ESTABLISHED src=(\S+) /g)].map(([, source = ""]) => source);
  if (sources.length === 0) throw new Error(`no switch is with ${address}`);
  return sources;
}

async function activeNode(lab: Lab): Promise<Machine> {
  for (const { name } of lab.cluster.nodes) {
    const { instances } = await observeVrrp(lab.machine(name).host);
    if (instances.length > 0 && instances.every(({ state }) => state === "master")) return lab.machine(name);
  }
  throw new Error("no node is active");
}

/** HAProxy knows that all are up, and new sessions go to all. */
async function allServe(lab: Lab, servers: readonly Server[]): Promise<boolean> {
  const looks = lab.cluster.nodes.map(async ({ name }) => {
    const { host } = lab.machine(name);
    const { stdout } = await host.run(["iptables", "-t", "nat", "-S", chainOf("openflow")]);
    const own = (await observeHaproxy(host)).servers.filter(({ service }) => service === "openflow");
    return servers.every(
      (server) =>
        stdout.includes(` ${endpoint(server)}\n`) &&
        own.some(({ name: up, status }) => up === server.name && status === "UP"),
    );
  });
  return (await Promise.all(looks)).every(Boolean);
}

async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(20, undefined, { signal }))
    if (await holds()) return;
  throw new Error(`not within ${patience / 1_000} s: ${what}`);
}
