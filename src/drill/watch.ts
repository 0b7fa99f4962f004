import type { Lab, Machine } from "../lab/lab.js";
import { vrrpNetworks } from "../topology/select.js";
import type { Measurement } from "./measurement.js";
import type { SessionLine } from "./probe/session-line.js";
import {
  type Probe,
  pauseProbe,
  pingProbe,
  serviceProbe,
  sessionProbe,
  strangerProbe,
  wireProbe,
} from "./probes.js";
import { type Heard, ownersAt, seenContests, seenOwners } from "./seen-owners.js";
import { outage } from "./series.js";
import { addSessions, measureSessions } from "./sessions.js";
import { after, apart, type Interval, type Lane, silences, type Timeline } from "./timeline.js";
import { clientOn, vantageOf } from "./vantage.js";

/** Everything that looks at the cluster from outside while a drill lasts. */
export interface Watch {
  /** What does not answer at this moment, in words; empty when the switches are served in every respect. */
  silent(now: number): string[];
  /** What was seen between the fault and `to` (wall-clock milliseconds); complete after `stop`. */
  measure(
    injectedAt: number,
    to: number,
  ): Omit<Measurement, "settled" | "neighbours" | "meanwhile" | "recovery" | "left">;
  /** What each probe missed in a time (wall-clock milliseconds), told from the fault on. */
  lanes(injectedAt: number, within: Interval): Lane[];
  /** When two nodes acted as owner until `to`, told from the fault on. */
  contests(injectedAt: number, to: number): Timeline["contests"];
  /** The node that owns each network's virtual IPs at `now`, as far as one does. */
  owners(now: number): ReadonlyMap<string, string>;
  /** All that was said until now of who owns an address, by network. */
  heard(): readonly Heard[];
  stop(): Promise<void>;
}

/** Milliseconds between two probes of an address, and between two new sessions. */
const addressInterval = 1;
const serviceInterval = 5;

/** Sessions held, and milliseconds between two of a session's messages. */
const sessionsHeld = 8;
const messageInterval = 10;

/** A probe that succeeded within this time counts as answered. */
const recent = 100;

/** Shorter silences are the probes' own; milliseconds. */
const leastDrawn = 20;

interface Timed {
  readonly name: string;
  readonly interval: number;
  readonly probe: Probe<number>;
}

/** Starts every probe; they are stopped again when one cannot be started. */
export async function startWatch(lab: Lab): Promise<Watch> {
  const { cluster } = lab;
  const started: Probe<unknown>[] = [];
  const begin = async <Seen>(starting: Promise<Probe<Seen>>): Promise<Probe<Seen>> => {
    const probe = await starting;
    started.push(probe);
    return probe;
  };
  const stop = async (): Promise<void> => void (await Promise.all(started.map((probe) => probe.stop())));
  try {
    const wires = await Promise.all(
      vrrpNetworks(cluster).map(async ({ name }) => ({
        network: name,
        nodes: new Set(cluster.nodes.map((node) => lab.machine(node.name).macs[name] ?? "")),
        probe: await begin(wireProbe(lab, name)),
      })),
    );
    const addresses: Timed[] = await Promise.all(
      cluster.virtualIps.flatMap(({ network, addresses: own }) =>
        own.map(async ({ address }) => ({
          name: address,
          interval: addressInterval,
          probe: await begin(pingProbe(lab.machine(clientOn(network)), address)),
        })),
      ),
    );
    const [anyNetwork] = vrrpNetworks(cluster);
    const own = anyNetwork && (await begin(pauseProbe(lab.machine(clientOn(anyNetwork.name)))));
    const [first] = cluster.services;
    const vantage = first ? vantageOf(cluster, first) : null;
    const service: Timed | null = vantage && {
      name: `${vantage.address} port ${vantage.port}`,
      interval: serviceInterval,
      probe: await begin(
        serviceProbe(lab.machine(vantage.machine), { ...vantage, interval: serviceInterval, sessions: 1 }),
      ),
    };
    const strangers =
      vantage && (await begin(strangerProbe(lab.machine(vantage.machine), vantage.address, vantage.port)));
    const holders = vantage ? sessionMachines(lab, vantage.machine) : [];
    const sessions = await Promise.all(
      holders.map((machine) =>
        begin(
          sessionProbe(machine, {
            ...(vantage ?? { address: "", port: 0, greeting: "echo" }),
            interval: messageInterval,
            sessions: sessionsHeld / holders.length,
          }),
        ),
      ),
    );
    const timed = service ? [...addresses, service] : addresses;
    const heard = () => wires.map(({ network, nodes, probe }) => ({ network, nodes, events: probe.seen }));
    return {
      silent: (now) => [
        ...timed.filter(({ probe }) => now - (probe.seen.at(-1) ?? 0) > recent).map(({ name }) => name),
        ...sessions.flatMap(({ seen }, index) => {
          const away = sessionsHeld / holders.length - usable(seen);
          return away === 0 ? [] : [`${away} sessions of ${holders[index]?.name ?? ""}`];
        }),
      ],
      measure: (injectedAt, to) => ({
        addresses: addresses.map(({ name, interval, probe }) => ({
          address: name,
          outage: outage(probe.seen, interval, injectedAt, to),
        })),
        serviceOutage: service && outage(service.probe.seen, service.interval, injectedAt, to),
        owners: seenOwners(cluster, heard(), injectedAt, to),
        noise: own ? outage(own.seen, addressInterval, injectedAt, to) : 0,
        strangers: strangers?.seen.filter((at) => at >= injectedAt && at <= to).length ?? 0,
        sessions: addSessions(sessions.map(({ seen }) => measureSessions(seen, injectedAt, to))),
      }),
      lanes: (injectedAt, within) => {
        const lane = (kind: Lane["kind"], name: string, silent: readonly Interval[]): Lane => ({
          kind,
          name,
          silent: silent.map((each) => after(injectedAt, each)),
        });
        const missed = (seen: readonly number[], interval: number) =>
          silences(seen, interval, leastDrawn, within);
        return [
          ...addresses.map(({ name, interval, probe }) =>
            lane("address", name, missed(probe.seen, interval)),
          ),
          ...(service ? [lane("service", service.name, missed(service.probe.seen, service.interval))] : []),
          ...sessions.flatMap(({ seen }, index) =>
            [...apart(seen, within)].map(([session, silent]) =>
              lane("session", `${holders[index]?.name ?? ""} ${session + 1}`, silent),
            ),
          ),
          ...(strangers
            ? [lane("stranger", `not ${vantage?.address ?? ""}`, moments(strangers.seen, within))]
            : []),
          lane("pause", "the machine of the lab", own ? missed(own.seen, addressInterval) : []),
        ];
      },
      contests: (injectedAt, to) => seenContests(cluster, heard(), injectedAt, to),
      owners: (now) => ownersAt(cluster, heard(), now),
      heard,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const moments = (seen: readonly number[], { from, until }: Interval): Interval[] =>
  seen.filter((at) => at >= from && at <= until).map((at) => ({ from: at, until: at }));

/** Half of the sessions on the client, half on a switch's machine: `source` balancing may tell them apart. */
function sessionMachines(lab: Lab, client: string): Machine[] {
  const other = lab.machines.find(({ kind }) => kind === "switch");
  return other ? [lab.machine(client), other] : [lab.machine(client)];
}

function usable(lines: readonly SessionLine[]): number {
  return lines.reduce((sum, { event }) => sum + (event === "up" ? 1 : event === "down" ? -1 : 0), 0);
}
