import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Lab, LabProcess, Machine } from "../lab/lab.js";
import { atRealTime, realTimePriorities } from "../render/real-time.js";
import { type ProbeArguments, toArgv } from "./probe/arguments.js";
import type { SessionLine } from "./probe/session-line.js";
import { greetedAt, replyAt } from "./probe-log.js";
import { type WireEvent, wireEvent, wireFilter } from "./wire.js";

/** A program that runs while a drill lasts. What it saw grows until it is stopped. */
export interface Probe<Seen> {
  readonly seen: readonly Seen[];
  stop(): Promise<void>;
}

/**
 * An echo request to `address` every millisecond. fping and not ping: at such intervals iputils waits in a busy loop
 * and takes a whole processor, which delays the very adverts that are measured; fping takes a twentieth. It has real-time
 * priority, behind keepalived (sched(7)): a probe that waits for a processor measures that.
 */
export const pingProbe = async (machine: Machine, address: string): Promise<Probe<number>> =>
  collect(
    await machine.spawn(atRealTime(realTimePriorities.echoRequests, everyMillisecond(address))),
    replyAt,
  );

/** The machine's own loopback address, which no fault reaches, asked by a program like any other: what those miss. */
export const pauseProbe = async (machine: Machine): Promise<Probe<number>> =>
  collect(await machine.spawn(everyMillisecond("127.0.0.1")), replyAt);

const everyMillisecond = (address: string): string[] =>
  ["fping", "-D", "-l", "-i", "1", "-p", "1", "-t", "1000"].concat(address);

/** A new session with a service every `interval` milliseconds; the moments of its greetings. */
export const serviceProbe = async (
  machine: Pick<Machine, "spawn">,
  probe: ProbeArguments,
): Promise<Probe<number>> => collect(await machine.spawn(program("service-probe", probe)), greetedAt);

/** Sessions that are held; what became of them. */
export const sessionProbe = async (machine: Machine, probe: ProbeArguments): Promise<Probe<SessionLine>> =>
  collect(await machine.spawn(program("session-probe", probe)), (line) => JSON.parse(line) as SessionLine);

/** Everything that is said on a network about who owns an address. */
export const wireProbe = async (lab: Lab, network: string): Promise<Probe<WireEvent>> =>
  collect(
    await lab.spawnInFabric([
      "tcpdump",
      ...["-i", lab.bridge(network), "-l", "-n", "-e", "-tt", "--immediate-mode"],
      wireFilter,
    ]),
    wireEvent,
  );

/** The moments at which somebody else than `address` said something from the service's port: switches know one address. */
export const strangerProbe = async (
  machine: Machine,
  address: string,
  port: number,
): Promise<Probe<number>> =>
  collect(
    await machine.spawn([
      ...["tcpdump", "-i", "any", "-l", "-n", "-tt", "--immediate-mode", "-Q", "in"],
      `tcp src port ${port} and not src host ${address}`,
    ]),
    (line) => {
      const at = /^(\d+\.\d+) /.exec(line)?.[1];
      return at === undefined ? null : Number(at) * 1_000;
    },
  );

export function collect<Seen>(running: LabProcess, read: (line: string) => Seen | null): Probe<Seen> {
  const seen: Seen[] = [];
  running.onLine((line) => {
    const found = read(line);
    if (found !== null) seen.push(found);
  });
  return { seen, stop: async () => void (await running.stop()) };
}

/** The probes are programs of their own: they run on the lab's machines, from what was built. */
function program(name: string, probe: ProbeArguments): string[] {
  const here = fileURLToPath(import.meta.url);
  const built = here.endsWith(".ts") ? "../../dist/drill/probe" : "probe";
  return [process.execPath, resolve(dirname(here), built, `${name}.js`), ...toArgv(probe)];
}
