import type { Host } from "../host/host.js";
import type { Lab, Machine } from "../lab/lab.js";
import { parseStat } from "../observe/process.js";

/** What stands on a machine, or on the wire, that a fault may have put there: lines, by where they are. */
export type Traces = ReadonlyMap<string, ReadonlySet<string>>;

/** Where frames pass between the machines. */
const wire = "the wire";

/** A machine that was off has its mounts and its ends of the wire anew: what the kernel made up for them is left out. */
const mountOf = (line: string): string => line.replace(/^\S+ (\S+ \S+ r[ow])\b.*$/, "mount $1");
const portOf = (line: string): string =>
  line.replace(/^\d+: ([^@:]+).* (master \S+ state \S+) .*(isolated \S+).*$/, "port $1 $2 $3");
const linkOf = (line: string): string => line.replace(/^([^\s@]+)\S* +(\S+).*$/, "link $1 $2");

/** Looks at all machines that run. */
export async function tracesOf(lab: Lab): Promise<Traces> {
  const found = await Promise.all([
    ...lab.machines.map(async (machine) => [machine.name, await onMachine(machine)] as const),
    onWire(lab).then((lines) => [wire, lines] as const),
  ]);
  return new Map(found);
}

async function onMachine(machine: Machine): Promise<ReadonlySet<string>> {
  const print = async (...argv: string[]) => linesOf((await machine.exec(argv)).stdout);
  const { host } = machine;
  const [still = [], mounts = [], links = [], rules = []] = await Promise.all([
    standingStill(host),
    host.read("/proc/1/mounts").then((text) => linesOf(text ?? "")),
    print("ip", "-brief", "link", "show"),
    // A node's own rules are compared with what was rendered, by its agent.
    machine.kind === "node" ? [] : print("iptables-save"),
  ]);
  return new Set([
    ...still,
    ...mounts.map(mountOf),
    ...links.map(linkOf),
    ...rules.filter((line) => line.startsWith("-A")),
  ]);
}

/** Read and not asked of ps: a machine under probes has better to do than to start programs. */
async function standingStill(host: Host): Promise<string[]> {
  const pids = (await host.list("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = parseStat((await host.read(`/proc/${pid}/stat`)) ?? "");
      if (stat?.state !== "frozen") return [];
      const said = (await host.read(`/proc/${pid}/cmdline`)) ?? "";
      return [`${said.replaceAll("\0", " ").trim()} stands still`];
    }),
  );
  return found.flat();
}

async function onWire(lab: Lab): Promise<ReadonlySet<string>> {
  const print = async (...argv: string[]) => linesOf((await (await lab.spawnInFabric(argv)).ended).stdout);
  const [filter = [], queues = [], ports = []] = await Promise.all([
    print("ebtables-nft-save"),
    print("tc", "qdisc", "show"),
    print("bridge", "-details", "-oneline", "link", "show"),
  ]);
  return new Set([
    ...filter.filter((line) => line.startsWith("-A")),
    ...queues.filter((line) => line.includes("clsact")),
    ...ports.map(portOf),
  ]);
}

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** What is there now and was not, and what was and is gone: sentences. */
export const newTraces = (before: Traces, now: Traces): string[] =>
  [...now].flatMap(([place, found]) => {
    const had = before.get(place) ?? new Set();
    return [
      ...[...found].filter((line) => !had.has(line)).map((line) => `left on ${place}: ${line}`),
      ...[...had].filter((line) => !found.has(line)).map((line) => `gone from ${place}: ${line}`),
    ];
  });
