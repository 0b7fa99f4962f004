import { setTimeout as sleep } from "node:timers/promises";
import { type Probe, pauseProbe, pingProbe, serviceProbe } from "../src/drill/probes.js";
import { outage } from "../src/drill/series.js";
import { clientOn } from "../src/drill/vantage.js";
import { labDown } from "../src/lab/down.js";
import type { Lab } from "../src/lab/lab.js";
import { labUp } from "../src/lab/up.js";
import { observeVrrp } from "../src/observe/vrrp.js";
import type { BenchOptions } from "./bench.js";
import { benchCluster, type Pair } from "./pairs/pair.js";

/** What is done to the active node, and how it is made good. */
export interface Blow {
  strike(lab: Lab, active: string): Promise<void>;
  mend(lab: Lab, active: string): Promise<void>;
}

/** What one blow cost, in milliseconds. */
export interface Cost {
  /** Silence of the controller IP. */
  readonly address: number;
  /** Time in which no new session was greeted. */
  readonly service: number;
  /** Silence of the client's own loopback meanwhile: what this machine itself missed. */
  readonly noise: number;
}

const [address, port, serviceInterval] = ["10.0.1.100", 6653, 5];
const [calm, readyWithin, servedWithin] = [500, 60_000, 30_000];

/** Strikes the pair `runs` times, each time whichever node is active then. The lab is removed again. */
export async function strikeRepeatedly(pair: Pair, blow: Blow, options: BenchOptions): Promise<Cost[]> {
  const { runs, progress, signal } = options;
  const cluster = benchCluster();
  progress(`${pair.name}: starting the lab`);
  try {
    const lab = await labUp(cluster, { switches: 0, signal, configure: pair.configure });
    const costs: Cost[] = [];
    for (let run = 1; run <= runs; run++) {
      signal.throwIfAborted();
      const cost = await strikeOnce(lab, blow, pair.rest, signal);
      progress(
        `${pair.name} ${run}/${runs}: ${JSON.stringify(cost, (_, value) => (typeof value === "number" ? Math.round(value) : value))}`,
      );
      costs.push(cost);
    }
    return costs;
  } finally {
    await labDown(cluster.name);
  }
}

/** Strikes whichever node is active, once both have been at rest for `rest` milliseconds. */
export async function strikeOnce(lab: Lab, blow: Blow, rest: number, signal: AbortSignal): Promise<Cost> {
  const active = await ready(lab, rest, signal);
  const client = lab.machine(clientOn("switches"));
  const pings = await pingProbe(client, address);
  const own = await pauseProbe(client);
  const greetings = await serviceProbe(client, {
    ...{ address, port, greeting: "openflow" },
    ...{ interval: serviceInterval, sessions: 1 },
  });
  try {
    await served([pings, greetings], calm, signal);
    const from = Date.now();
    try {
      await blow.strike(lab, active);
      await sleep(calm);
      await served([pings, greetings], calm, signal);
    } finally {
      await blow.mend(lab, active);
    }
    const to = Date.now();
    return {
      address: outage(pings.seen, 1, from, to),
      service: outage(greetings.seen, serviceInterval, from, to),
      noise: outage(own.seen, 1, from, to),
    };
  } finally {
    await Promise.all([pings, own, greetings].map((probe) => probe.stop()));
  }
}

/** Waits until one node is master of all, the other a backup of all, for `rest` milliseconds; returns the first. */
async function ready(lab: Lab, rest: number, signal: AbortSignal): Promise<string> {
  let resting = { active: "", since: 0 };
  for (const until = Date.now() + readyWithin; Date.now() < until; await sleep(200, undefined, { signal })) {
    const states = await Promise.all(
      lab.cluster.nodes.map(async ({ name }) => {
        const { instances } = await observeVrrp(lab.machine(name).host);
        return { name, states: new Set(instances.map(({ state }) => state)) };
      }),
    );
    const only = (state: "master" | "backup"): string[] =>
      states.filter((node) => node.states.size === 1 && node.states.has(state)).map(({ name }) => name);
    const [active = ""] = only("master");
    const calmNow = active !== "" && only("backup").length === states.length - 1;
    if (!calmNow || active !== resting.active) resting = { active: calmNow ? active : "", since: Date.now() };
    else if (Date.now() - resting.since >= rest) return active;
  }
  throw new Error("the pair never came to rest with one active node");
}

/** Waits until every probe has succeeded again and again for `calmFor` milliseconds. */
async function served(probes: readonly Probe<number>[], calmFor: number, signal: AbortSignal): Promise<void> {
  let since: number | null = null;
  for (const until = Date.now() + servedWithin; Date.now() < until; await sleep(20, undefined, { signal })) {
    const flowing = probes.every(({ seen }) => Date.now() - (seen.at(-1) ?? 0) < 100);
    since = flowing ? (since ?? Date.now()) : null;
    if (since !== null && Date.now() - since >= calmFor) return;
  }
}
