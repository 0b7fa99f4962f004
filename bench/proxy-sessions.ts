import { setTimeout as sleep } from "node:timers/promises";
import { type Probe, pingProbe } from "../src/drill/probes.js";
import { longestGap } from "../src/drill/series.js";
import { clientOn } from "../src/drill/vantage.js";
import { labDown } from "../src/lab/down.js";
import type { Lab, Machine } from "../src/lab/lab.js";
import { labUp } from "../src/lab/up.js";
import type { Bench, BenchOptions } from "./bench.js";
import { activeAtRest } from "./failover.js";
import { inSync } from "./in-sync.js";
import { type Jitter, recordJitter } from "./jitter.js";
import { addSources, gather } from "./many-sessions.js";
import { benchTopology, ofTopology } from "./pairs/pair.js";
import { enough, figureOf, type Trial } from "./trial.js";
import { withoutAgents } from "./without-agents.js";

const sessions = 1_000;
const [address, port] = ["10.0.1.100", 6653];
/** Milliseconds: how old each session is at least, how long they may take to end, and how long is looked without agents. */
const [established, patience, untreatedFor] = [1_000, 10_000, 10_000];

/** The pair at `fast`; its servers echo. */
const pair = ofTopology("holdfast", benchTopology().replace("type: openflow", "type: tcp"));

/** Milliseconds from the takeover until the last session was released. */
type Released = Trial<number>;

export const proxySessions: Bench = {
  name: "proxy-sessions",
  summary: `how soon ${sessions} idle sessions through HAProxy are let go when their node loses power`,
  async run(options) {
    options.progress("starting the lab");
    const jitter = await recordJitter();
    try {
      const { signal } = options;
      const lab = await labUp(pair.cluster, { switches: 0, signal, configure: pair.configure });
      const client = lab.machine(clientOn("switches"));
      await addSources(client);
      const pings = await pingProbe(client, address);
      const trials = await enough(options.runs, pair.detection, () => trial(lab, pings, jitter, options));
      options.progress("without agents");
      await withoutAgents(lab);
      const held = await heldWithoutAgents(lab, client, signal);
      await pings.stop();
      return [
        figureOf(trials, {
          ...{ name: `${sessions} idle proxy sessions released after takeover (worst)`, atMost: 250 },
          ...{ of: (values) => Math.max(...values), limit: pair.detection },
        }),
        {
          ...{ name: "the same without agents, still held", unit: "sessions", atMost: null, figure: held },
          detail: `${untreatedFor / 1_000} s after the power loss; each waits for its own probe`,
        },
      ];
    } finally {
      await labDown(pair.cluster.name);
      await jitter.stop();
    }
  },
};

async function trial(
  lab: Lab,
  pings: Probe<number>,
  jitter: Jitter,
  { progress, signal }: BenchOptions,
): Promise<Released> {
  const active = await activeAtRest(lab, pair.rest, signal);
  const crowd = await idle(lab.machine(clientOn("switches")), signal);
  try {
    await inSync(lab, active, signal);
    const from = Date.now();
    try {
      await lab.faults.powerOff(active);
      for (const end = from + patience; crowd.ended.length < sessions; await sleep(20, undefined, { signal }))
        if (Date.now() > end)
          throw new Error(`only ${crowd.ended.length} of ${sessions} sessions were released`);
      const takeover = longestGap(pings.seen, from, Date.now()).until;
      if (takeover === null) throw new Error(`${address} never answered again`);
      const last = Math.max(...crowd.ended);
      const first = Math.min(...crowd.ended);
      progress(
        `takeover after ${(takeover - from).toFixed(0)} ms; released from ${(first - takeover).toFixed(0)} to ${(last - takeover).toFixed(0)} ms after it`,
      );
      return { cost: last - takeover, stalls: jitter.between(from, last) };
    } finally {
      await lab.faults.powerOn(active);
    }
  } finally {
    await crowd.stop();
  }
}

async function heldWithoutAgents(lab: Lab, client: Machine, signal: AbortSignal): Promise<number> {
  const active = await activeAtRest(lab, pair.rest, signal);
  const crowd = await idle(client, signal);
  try {
    await lab.faults.powerOff(active);
    await sleep(untreatedFor, undefined, { signal });
    return sessions - crowd.ended.length;
  } finally {
    await crowd.stop();
  }
}

/** Sessions that have said something once. */
async function idle(client: Machine, signal: AbortSignal) {
  const crowd = await gather(client, { address, port, sessions });
  await crowd.up(signal);
  await sleep(established, undefined, { signal });
  return crowd;
}
