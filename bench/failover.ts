import { setTimeout as sleep } from "node:timers/promises";
import { labDown } from "../src/lab/down.js";
import type { Lab } from "../src/lab/lab.js";
import { until } from "../src/lab/readiness.js";
import { labUp } from "../src/lab/up.js";
import { observeVrrp } from "../src/observe/vrrp.js";
import type { BenchOptions } from "./bench.js";
import { type ClientWatch, type Cost, watchFromClient } from "./client-watch.js";
import type { Pair } from "./pairs/pair.js";
import { enough, type Trial } from "./trial.js";

/** What is done to the active node, and how it is made good. */
export interface Blow {
  strike(lab: Lab, active: string): Promise<void>;
  mend(lab: Lab, active: string): Promise<void>;
  /** Whether the pair is ready for it although both nodes are at rest; absent: it always is. */
  ready?(lab: Lab, active: string): Promise<boolean>;
}

/** A lab that is looked at from outside. */
export interface Scene {
  readonly pair: Pair;
  readonly lab: Lab;
  readonly watch: ClientWatch;
}

/** Milliseconds. */
const [calm, readyWithin] = [300, 60_000];

/** Does something with a pair's lab, which is removed again. */
export async function withScene<Result>(
  pair: Pair,
  { progress, signal }: BenchOptions,
  work: (scene: Scene) => Promise<Result>,
): Promise<Result> {
  progress(`${pair.name}: starting the lab`);
  try {
    const lab = await labUp(pair.cluster, { switches: 0, signal, configure: pair.configure });
    const watch = await watchFromClient(lab);
    try {
      return await work({ pair, lab, watch });
    } finally {
      await watch.stop();
    }
  } finally {
    await labDown(pair.cluster.name);
  }
}

export const strikeRepeatedly = (pair: Pair, blow: Blow, options: BenchOptions): Promise<Trial<Cost>[]> =>
  withScene(pair, options, (scene) => strikeIn(scene, blow, options));

/** Strikes the pair until `runs` runs count, each time whichever node is active then. */
export const strikeIn = (
  scene: Scene,
  blow: Blow,
  { runs, progress, signal }: BenchOptions,
): Promise<Trial<Cost>[]> =>
  enough(runs, scene.pair.detection, async (counted) => {
    const trial = await strikeOnce(scene, blow, scene.pair.rest, signal);
    progress(`${scene.pair.name} ${counted + 1}/${runs}: ${words(trial)}`);
    return trial;
  });

const words = ({ cost, stalls }: Trial<Cost>): string =>
  `address ${cost.address.toFixed(1)} ms, sessions ${cost.service.toFixed(1)} ms; jitter ${stalls.ordinary.toFixed(0)}/${stalls.realTime.toFixed(0)} ms`;

/** Strikes whichever node is active, once both have been at rest for `rest` milliseconds. */
export async function strikeOnce(
  { lab, watch }: Pick<Scene, "lab" | "watch">,
  blow: Blow,
  rest: number,
  signal: AbortSignal,
): Promise<Trial<Cost>> {
  const active = await activeAtRest(lab, rest, signal);
  if (blow.ready) {
    const ready = () => blow.ready?.(lab, active) ?? Promise.resolve(true);
    await until("the pair is ready for the next blow", ready, { patience: readyWithin, signal });
  }
  await watch.served(calm, signal);
  const from = Date.now();
  try {
    await blow.strike(lab, active);
    await sleep(calm);
    await watch.served(calm, signal);
    return watch.between(from, Date.now());
  } finally {
    await blow.mend(lab, active);
  }
}

/** Waits until one node is master of all, the other a backup of all, for `rest` milliseconds; returns the first. */
export async function activeAtRest(lab: Lab, rest: number, signal: AbortSignal): Promise<string> {
  let resting = { active: "", since: 0 };
  let seen = "";
  for (const end = Date.now() + readyWithin; Date.now() < end; await sleep(200, undefined, { signal })) {
    const states = await Promise.all(
      lab.cluster.nodes.map(async ({ name }) => {
        const { instances } = await observeVrrp(lab.machine(name).host);
        return { name, states: new Set(instances.map(({ state }) => state)) };
      }),
    );
    seen = states.map((node) => `${node.name} ${[...node.states].join(" and ") || "nothing"}`).join(", ");
    const only = (state: "master" | "backup"): string[] =>
      states.filter((node) => node.states.size === 1 && node.states.has(state)).map(({ name }) => name);
    const [active = ""] = only("master");
    const calmNow = active !== "" && only("backup").length === states.length - 1;
    if (!calmNow || active !== resting.active) resting = { active: calmNow ? active : "", since: Date.now() };
    else if (Date.now() - resting.since >= rest) return active;
  }
  throw new Error(`the pair never came to rest with one active node; last seen: ${seen}`);
}
