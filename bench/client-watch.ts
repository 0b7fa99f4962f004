import { setTimeout as sleep } from "node:timers/promises";
import { type Probe, pingProbe, serviceProbe } from "../src/drill/probes.js";
import { outage } from "../src/drill/series.js";
import { clientOn } from "../src/drill/vantage.js";
import type { Lab } from "../src/lab/lab.js";
import { recordJitter } from "./jitter.js";
import type { Trial } from "./trial.js";

/** What a client on the switches' network missed between two moments, in milliseconds. */
export interface Cost {
  /** Silence of the controller IP. */
  readonly address: number;
  /** Time in which no new session was greeted. */
  readonly service: number;
}

const [address, port, serviceInterval] = ["10.0.1.100", 6653, 5];
/** Milliseconds: how long it may take until all is served again, and how recent a success is one of now. */
const [servedWithin, recent] = [30_000, 100];

/** Looks at the controller IP from a client, and at the machine's own timers, for as long as a series of runs lasts. */
export interface ClientWatch {
  /** Waits until every probe has succeeded again and again for `calm` milliseconds. @throws when that never happens */
  served(calm: number, signal: AbortSignal): Promise<void>;
  /** Between two moments, milliseconds since 1970. */
  between(from: number, to: number): Trial<Cost>;
  stop(): Promise<void>;
}

export async function watchFromClient(lab: Lab): Promise<ClientWatch> {
  const client = lab.machine(clientOn("switches"));
  const jitter = await recordJitter();
  const probes: Probe<number>[] = [];
  const stop = async (): Promise<void> =>
    void (await Promise.all([jitter, ...probes].map((running) => running.stop())));
  try {
    const pings = await pingProbe(client, address);
    probes.push(pings);
    const greetings = await serviceProbe(client, {
      ...{ address, port, greeting: "openflow" },
      ...{ interval: serviceInterval, sessions: 1 },
    });
    probes.push(greetings);
    return {
      async served(calm, signal) {
        let since: number | null = null;
        for (
          const end = Date.now() + servedWithin;
          Date.now() < end;
          await sleep(20, undefined, { signal })
        ) {
          const flowing = probes.every(({ seen }) => Date.now() - (seen.at(-1) ?? 0) < recent);
          since = flowing ? (since ?? Date.now()) : null;
          if (since !== null && Date.now() - since >= calm) return;
        }
        throw new Error(`${address} did not serve its port ${port} again within ${servedWithin / 1_000} s`);
      },
      between: (from, to) => ({
        cost: {
          address: outage(pings.seen, 1, from, to),
          service: outage(greetings.seen, serviceInterval, from, to),
        },
        stalls: jitter.between(from, to),
      }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
