import { setTimeout as sleep } from "node:timers/promises";
import type { NodeState } from "../observe/state.js";
import { leftBehind } from "./left.js";
import { readiness } from "./situation.js";
import { type Subject, UnreadyError } from "./subject.js";
import { newTraces, type Traces, tracesOf } from "./traces.js";
import type { Watch } from "./watch.js";

/** Milliseconds. */
export const readyWithin = 15_000;
export const recoveredWithin = 60_000;
const flowingWithin = 15_000;
const tidyWithin = 10_000;
const stateEvery = 300;
const lookEvery = 20;

/** All is quiet for so long before the fault, and served for so long after it. */
export const calm = 500;

/** A cluster that can take a fault. */
export interface Ready {
  readonly active: string;
  readonly standby: string;
  readonly states: readonly NodeState[];
}

/**
 * Waits until one node is active and all others stand by, or throws what is otherwise, with the cure. Engines are asked
 * only once the agents are content: what they are asked for takes processors from what is measured.
 */
export async function untilReady(
  subject: Subject,
  within: number,
  signal: AbortSignal,
  cure: string,
): Promise<Ready> {
  const { cluster } = subject.lab;
  const until = Date.now() + within;
  for (;;) {
    const late = Date.now() > until;
    if (late || (await subject.content())) {
      const states = await subject.states();
      const now = readiness(cluster, states);
      if (now.ready) return { ...now, states };
      if (late) throw new UnreadyError(`cluster ${cluster.name} ${cure} (${now.reason})`);
    }
    await sleep(stateEvery, undefined, { signal });
  }
}

/** Waits until every probe is answered. */
export async function untilServed(watch: Watch, signal: AbortSignal): Promise<void> {
  const until = Date.now() + flowingWithin;
  for (let silent = watch.silent(Date.now()); silent.length > 0; silent = watch.silent(Date.now())) {
    if (Date.now() > until)
      throw new UnreadyError(`${silent.join(", ")} do not answer: look at 'holdfast status'`);
    await sleep(lookEvery, undefined, { signal });
  }
}

/** Null once the waiting is over, or in one sentence why it was in vain: a cluster that does not recover is what a drill is to find. */
export const inVain = (waiting: Promise<unknown>): Promise<string | null> =>
  waiting.then(
    () => null,
    (error: unknown) => {
      if (error instanceof UnreadyError) return error.message;
      throw error;
    },
  );

/** What is still otherwise than before, although nodes had some seconds to put it right. */
export async function whatIsLeft(subject: Subject, before: Traces, signal: AbortSignal): Promise<string[]> {
  for (const end = Date.now() + tidyWithin; ; await sleep(stateEvery, undefined, { signal })) {
    const left = [...leftBehind(await subject.states()), ...newTraces(before, await tracesOf(subject.lab))];
    if (left.length === 0 || Date.now() > end) return left;
  }
}
