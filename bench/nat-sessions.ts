import { setTimeout as sleep } from "node:timers/promises";
import { configureNodes } from "../src/cli/lab-up.js";
import { clientOn } from "../src/drill/vantage.js";
import { labDown } from "../src/lab/down.js";
import type { Lab } from "../src/lab/lab.js";
import { labUp } from "../src/lab/up.js";
import { loadTopology } from "../src/topology/load.js";
import type { Bar, Bench, BenchOptions } from "./bench.js";
import { activeAtRest } from "./failover.js";
import { type Jitter, recordJitter } from "./jitter.js";
import { addSources, type Crowd, gather } from "./many-sessions.js";
import { benchTopology, ours } from "./pairs/pair.js";
import { enough, figureOf } from "./trial.js";

const sessions = 10_000;
/** Milliseconds: how old each session is at least when its node dies. */
const established = 1_000;
/** Milliseconds: three adverts of 20 ms. */
const detection = 60;
/** Milliseconds until a session that says nothing is given up, and between the two times that all speak. */
const [patience, pause] = [10_000, 3_000];

interface Outcome {
  readonly lost: number;
  /** Milliseconds from the power loss until the last session that answers had carried data. */
  readonly carried: number;
}

/** Sessions that the kernel translates outlive the node that carries them; without conntrackd none does. */
export const natSessions: Bench = {
  name: "nat-sessions",
  summary: `what becomes of ${sessions} sessions of a nat service when the active node loses power`,
  runs: 5,
  async run(options) {
    const text = natTopology();
    const { cluster } = loadTopology(text);
    if (cluster === null) throw new Error("examples/pair.yaml is not valid with its service in mode nat");
    options.progress("starting the lab");
    const jitter = await recordJitter();
    try {
      const { signal } = options;
      const lab = await labUp(cluster, { switches: 0, signal, configure: configureNodes(text) });
      await addSources(lab.machine(clientOn("switches")));
      const trials = await enough(options.runs, detection, () => trial(lab, jitter, options));
      await withoutConntrackd(lab);
      const untreated = await trial(lab, jitter, options);
      const carried = trials.map(({ cost, stalls }) => ({ cost: cost.carried, stalls }));
      return [
        lostOf(
          "nat sessions lost with their node",
          trials.map(({ cost }) => cost.lost),
          0,
        ),
        figureOf(carried, {
          ...{ name: "all nat sessions carry data after the power loss (worst)", atMost: 1_000 },
          ...{ of: (values) => Math.max(...values), limit: detection },
        }),
        lostOf("the same without conntrackd", [untreated.cost.lost], null),
      ];
    } finally {
      await labDown(cluster.name);
      await jitter.stop();
    }
  },
};

/** Every run counts: a stall of the machine is no reason to lose a session. */
const lostOf = (name: string, lost: readonly number[], atMost: number | null): Bar => ({
  ...{ name, unit: "sessions", atMost },
  figure: lost.reduce((sum, own) => sum + own, 0),
  detail: `of ${lost.length} x ${sessions}`,
});

/** The pair at `fast`; its service is translated, and its servers echo. */
const natTopology = (): string =>
  benchTopology().replace("mode: proxy", "mode: nat").replace("type: openflow", "type: tcp");

async function trial(lab: Lab, jitter: Jitter, options: BenchOptions) {
  const { progress, signal } = options;
  const active = await activeAtRest(lab, ours.rest, signal);
  const crowd = await gather(lab.machine(clientOn("switches")), {
    ...{ address: "10.0.1.100", port: 6653, sessions },
  });
  try {
    await crowd.up(signal);
    await sleep(established, undefined, { signal });
    const from = Date.now();
    const cost = await strike(lab, active, crowd, from, signal);
    const to = Date.now();
    progress(`${JSON.stringify({ ...cost, carried: Math.round(cost.carried) })}`);
    return { cost, stalls: jitter.between(from, Math.min(to, from + 2 * pause)) };
  } finally {
    await crowd.stop();
    await lab.faults.powerOn(active);
  }
}

/** All speak as soon as the node is dead, and once more when its peer has done all that it does when it takes over. */
async function strike(
  lab: Lab,
  active: string,
  crowd: Crowd,
  from: number,
  signal: AbortSignal,
): Promise<Outcome> {
  await lab.faults.powerOff(active);
  const first = await crowd.speak(patience, signal);
  await sleep(pause, undefined, { signal });
  const second = await crowd.speak(patience, signal);
  return { lost: sessions - second.answered, carried: first.last - from };
}

/** On neither node, and not after a power cycle. */
async function withoutConntrackd(lab: Lab): Promise<void> {
  for (const { name } of lab.cluster.nodes) {
    const { services } = lab.machine(name).host;
    await services.stop("conntrackd");
    await services.disable("conntrackd");
  }
}
