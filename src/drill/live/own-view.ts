import { setTimeout as sleep } from "node:timers/promises";
import { spawnIn } from "../../lab/lab-process.js";
import type { Cluster } from "../../topology/cluster.js";
import { virtualIpNamed } from "../../topology/select.js";
import { replyAt } from "../probe-log.js";
import { collect, type Probe, serviceProbe } from "../probes.js";
import { outage, type Series } from "../series.js";
import { type LiveExpectation, type Reading, readingNames, type Unmeasured } from "./live-measurement.js";

/** What the operator's own machine sees of the virtual IPs. */
export interface OwnView {
  /** Between two moments, in wall-clock milliseconds. */
  readings(expected: LiveExpectation, from: number, to: number): Reading[];
  readonly unmeasured: readonly Unmeasured[];
  stop(): Promise<void>;
}

/** Milliseconds between two echo requests, and between two connections: a real service gets ten more a second. */
const pingInterval = 10;
const connectInterval = 100;

/** What answers at all does so within this time. Milliseconds. */
const firstAnswer = 1_500;

interface Watched {
  readonly what: string;
  readonly interval: number;
  readonly whom: string;
  readonly probe: Probe<number>;
}

const here = { spawn: (argv: readonly string[]) => spawnIn([], argv) };

/** Asks every virtual IP, and the first service, for as long as the drill lasts; who does not answer is left alone. */
export async function startOwnView(cluster: Cluster, signal: AbortSignal): Promise<OwnView> {
  const started: Probe<unknown>[] = [];
  const unmeasured: Unmeasured[] = [];
  const begin = async (what: string, starting: Promise<Probe<number>>): Promise<Probe<number> | null> => {
    try {
      const probe = await starting;
      started.push(probe);
      return probe;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      unmeasured.push({ what, why: `cannot be asked from here (${why})` });
      return null;
    }
  };
  const stop = async (): Promise<void> => void (await Promise.all(started.map((probe) => probe.stop())));
  try {
    const pause = await begin("how long this machine stands still", pinged("127.0.0.1"));
    const candidates: Watched[] = [];
    const add = async (
      what: string,
      whom: string,
      interval: number,
      starting: Promise<Probe<number>>,
    ): Promise<void> => {
      const probe = await begin(`${what} (${whom})`, starting);
      if (probe !== null) candidates.push({ what, whom, interval, probe });
    };
    for (const { addresses } of cluster.virtualIps)
      for (const { address } of addresses)
        await add(readingNames.address, address, pingInterval, pinged(address));
    const [service] = cluster.services;
    const entrance = service && virtualIpNamed(cluster, service.listen.virtualIp).addresses[0];
    if (service && entrance) {
      const { address } = entrance;
      const { port } = service.listen;
      const greeting = service.healthCheck.type === "openflow" ? "openflow" : "none";
      const probe = serviceProbe(here, { address, port, greeting, interval: connectInterval, sessions: 1 });
      await add(readingNames.service, `${address} port ${port}`, connectInterval, probe);
    }
    await sleep(firstAnswer, undefined, { signal });
    const watched = candidates.filter(({ probe }) => probe.seen.length > 0);
    for (const { what, whom, probe } of candidates) {
      if (probe.seen.length > 0) continue;
      unmeasured.push({ what, why: `${whom} does not answer this machine` });
      await probe.stop();
    }
    return {
      unmeasured,
      readings: (expected, from, to) =>
        Object.values(readingNames).flatMap((what) => {
          const values = watched
            .filter((each) => each.what === what)
            .map(({ probe, interval }) => outage(probe.seen, interval, from, to));
          if (values.length === 0) return [];
          const atMost =
            what === readingNames.service ? expected.serviceOutageAtMost : expected.addressOutageAtMost;
          return [{ what, value: Math.max(...values), atMost, noise: stillFor(pause?.seen ?? [], from, to) }];
        }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const stillFor = (seen: Series, from: number, to: number): number =>
  seen.length === 0 ? 0 : outage(seen, pingInterval, from, to);

/** No oftener than fping lets everybody (fping(8), -p). */
const pinged = async (address: string): Promise<Probe<number>> =>
  collect(
    await here.spawn(["fping", "-D", "-l", "-p", String(pingInterval), "-t", "1000", address]),
    replyAt,
  );
