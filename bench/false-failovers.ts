import { setTimeout as sleep } from "node:timers/promises";
import { keepBusy } from "../src/agent/calibration/busy-loops.js";
import { labDown } from "../src/lab/down.js";
import type { Lab, LabProcess } from "../src/lab/lab.js";
import { labUp } from "../src/lab/up.js";
import type { Bar, Bench } from "./bench.js";
import { type Jitter, recordJitter } from "./jitter.js";
import { benchTopology, expertPair, ofTopology, type Pair } from "./pairs/pair.js";

/** The controller IP of examples/pair.yaml: whoever takes over adds it. */
const address = "10.0.1.100";
/** Milliseconds until what a start costs is over. */
const settle = 30_000;

/** All at the same time: each has a lab of its own, and what the machine does is done to all of them. */
const pairs: readonly { readonly pair: Pair; readonly atMost: number | null }[] = [
  { pair: named("fast", "bench"), atMost: 0 },
  { pair: named("balanced", "bench-balanced"), atMost: 0 },
  {
    pair: { ...expertPair, cluster: { ...expertPair.cluster, name: "bench-expert" } },
    atMost: null,
  },
];

function named(profile: string, cluster: string): Pair {
  const text = benchTopology()
    .replace(/^cluster: .*$/m, `cluster: ${cluster}`)
    .replace(/^( *profile:) \w+/m, `$1 ${profile}`);
  return ofTopology(`holdfast, ${profile}`, text);
}

/** Each run is a minute. */
export const falseFailovers: Bench = {
  name: "false-failovers",
  summary: "how often a standby takes over without need while every processor is busy, a minute a run",
  async run({ runs, progress, signal }) {
    const watches: Watch[] = [];
    const jitter = await recordJitter();
    try {
      for (const { pair } of pairs) {
        progress(`${pair.name}: starting the lab`);
        const lab = await labUp(pair.cluster, { switches: 0, signal, configure: pair.configure });
        watches.push(await watch(lab));
      }
      await sleep(settle, undefined, { signal });
      progress(`every processor is busy for ${runs} minutes`);
      const from = Date.now();
      const idle = await keepBusy(runs * 60 + 10);
      try {
        await sleep(runs * 60_000, undefined, { signal });
      } finally {
        await idle();
      }
      const to = Date.now();
      return pairs.map(({ pair, atMost }, index) =>
        barOf(
          pair,
          atMost,
          (watches[index]?.takeovers ?? []).filter((at) => at >= from && at <= to),
          { jitter, from, to },
        ),
      );
    } finally {
      await jitter.stop();
      for (const { stop } of watches) await stop();
      for (const { pair } of pairs) await labDown(pair.cluster.name);
    }
  },
};

interface Watch {
  /** Milliseconds since 1970. */
  readonly takeovers: readonly number[];
  stop(): Promise<void>;
}

/** What the kernels say of the address: an expert's keepalived is asked nothing, nor is ours. */
async function watch(lab: Lab): Promise<Watch> {
  const takeovers: number[] = [];
  const monitors: LabProcess[] = [];
  for (const { name } of lab.cluster.nodes) {
    const monitor = await lab.machine(name).spawn(["ip", "-oneline", "monitor", "address"]);
    monitor.onLine((line) => {
      if (line.includes(`inet ${address}/`) && !line.startsWith("Deleted")) takeovers.push(Date.now());
    });
    monitors.push(monitor);
  }
  return { takeovers, stop: async () => void (await Promise.all(monitors.map((each) => each.stop()))) };
}

/** A machine that stands still for longer than the detection time looks dead: those takeovers are told apart. */
function barOf(
  { name, detection }: Pair,
  atMost: number | null,
  takeovers: readonly number[],
  { jitter, from, to }: { readonly jitter: Jitter; readonly from: number; readonly to: number },
): Bar {
  const stalled = (at: number): boolean => jitter.between(at - 2 * detection, at).realTime > detection;
  const needless = takeovers.filter((at) => !stalled(at));
  const { ordinary, realTime } = jitter.between(from, to);
  return {
    ...{ name: `needless failovers: ${name}`, unit: "times", atMost, figure: needless.length },
    detail: `in ${((to - from) / 60_000).toFixed(0)} min; jitter ${ordinary.toFixed(0)}/${realTime.toFixed(0)} ms; ${takeovers.length - needless.length} apart`,
    jitter: { ordinary, realTime },
  };
}
