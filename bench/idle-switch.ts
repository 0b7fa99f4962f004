import { setTimeout as sleep } from "node:timers/promises";
import { labDown } from "../src/lab/down.js";
import type { Lab } from "../src/lab/lab.js";
import { connectionTimes, switchLog, switchWithoutHaste } from "../src/lab/open-vswitch.js";
import { labUp } from "../src/lab/up.js";
import type { Bench, BenchOptions } from "./bench.js";
import { activeAtRest } from "./failover.js";
import { inSync } from "./in-sync.js";
import { type Jitter, recordJitter } from "./jitter.js";
import { ours } from "./pairs/pair.js";
import { enough, figureOf, type Trial } from "./trial.js";
import { withoutAgents } from "./without-agents.js";

const name = "switch-1";
/** Milliseconds: how old the session is at least, and how long its return may take. */
const [established, patience] = [2_000, 30_000];

/** Milliseconds between two questions of a switch that is idle: the power is lost at any moment between them. */
const probeInterval = 5_000;

/** What stands beside needs fewer runs: it is slow, and has no bar. */
const beside = 5;

/** A real switch that has nothing to say, through HAProxy: by itself it asks whether its controller lives after 5 s. */
export const idleSwitch: Bench = {
  name: "idle-switch",
  summary:
    "how long a real Open vSwitch that is idle is without a controller after a power loss, through HAProxy",
  async run(options) {
    const { progress, signal } = options;
    const measured = (lab: Lab, jitter: Jitter, runs: number, agents = true) =>
      enough(runs, ours.detection, () => loss(lab, agents, jitter, options));
    const worst = (values: readonly number[]): number => Math.max(...values);
    progress("starting the lab");
    const jitter = await recordJitter();
    try {
      const lab = await labUp(ours.cluster, { switches: 1, signal, configure: ours.configure });
      const told = await measured(lab, jitter, options.runs);
      progress("the switch as Debian has it");
      await lab.machine(name).exec(switchWithoutHaste);
      const plain = await measured(lab, jitter, Math.min(beside, options.runs));
      progress("nobody releases anything");
      await withoutAgents(lab);
      const untreated = await measured(lab, jitter, Math.min(beside, options.runs), false);
      const limit = ours.detection;
      return [
        figureOf(told, {
          ...{
            name: "idle switch, configured as neighbours says, back (worst)",
            of: worst,
            atMost: 1_600,
            limit,
          },
          note: "its own back-off is 1 s",
        }),
        figureOf(plain, {
          name: "idle switch as Debian has it, back (worst)",
          of: worst,
          atMost: null,
          limit,
        }),
        figureOf(untreated, { name: "the same without agents (worst)", of: worst, atMost: null, limit }),
      ];
    } finally {
      await labDown(ours.cluster.name);
      await jitter.stop();
    }
  },
};

/** Milliseconds from the power loss until the switch says that it is connected. */
async function loss(
  lab: Lab,
  agents: boolean,
  jitter: Jitter,
  { progress, signal }: BenchOptions,
): Promise<Trial<number>> {
  const active = await activeAtRest(lab, ours.rest, signal);
  if (agents) await inSync(lab, active, signal);
  const last = await connectedSince(lab, 0, signal);
  await sleep(Math.max(0, last + established - Date.now()) + probeInterval * Math.random(), undefined, {
    signal,
  });
  const from = Date.now();
  try {
    await lab.faults.powerOff(active);
    const cost = (await connectedSince(lab, from, signal)) - from;
    progress(`back after ${cost.toFixed(0)} ms`);
    return { cost, stalls: jitter.between(from, from + cost) };
  } finally {
    await lab.faults.powerOn(active);
  }
}

/** The last time that the switch was connected, once that is later than `from`. */
async function connectedSince(lab: Lab, from: number, signal: AbortSignal): Promise<number> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(100, undefined, { signal })) {
    const { stdout } = await lab.machine(name).exec(["cat", switchLog]);
    const last = connectionTimes(stdout).at(-1) ?? 0;
    if (last > from) return last;
  }
  throw new Error(`${name} was without a controller for ${patience / 1_000} s`);
}
