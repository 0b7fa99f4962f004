import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "../../api/event.js";
import { askAround } from "../ask-around.js";
import { calm, inVain, readyWithin, recoveredWithin, untilReady, untilServed, whatIsLeft } from "../calm.js";
import { acquaint } from "../neighbour-tables.js";
import { timelineOf, toldSince } from "../record.js";
import type { RunOptions, Subject } from "../subject.js";
import type { FaultSpan } from "../timeline.js";
import { tracesOf } from "../traces.js";
import { startWatch, type Watch } from "../watch.js";
import type { Blow } from "./blow.js";
import type { Step } from "./course.js";
import type { History, Struck } from "./history.js";

/** Goes through a course, heals what is left of it, and returns what was seen from calm to calm. */
export async function runRound(
  course: readonly Step[],
  subject: Subject,
  options: RunOptions,
): Promise<History> {
  const { progress, signal } = options;
  await untilReady(subject, readyWithin, signal, "cannot take a fault: look at 'holdfast status'");
  const topology = await subject.topology();
  const before = await tracesOf(subject.lab);
  const watch = await startWatch(subject.lab);
  try {
    await untilServed(watch, signal);
    await acquaint(subject.lab);
    await sleep(calm, undefined, { signal });
    // What was asked of every host before it had its own part in the first moments.
    const from = Date.now() - calm / 2;
    const logs: (readonly Event[])[] = [];
    const keep = async () => void logs.push(...(await subject.logs()));
    const struck = await strike(course, subject, options, keep);
    progress("all is mended; waiting until every node is ready again");
    const unready = await inVain(recovered(subject, watch, signal));
    const beside = unready === null ? await askAround(subject.lab, watch.owners, watch.heard) : [];
    const within = { from, until: Date.now() };
    await watch.stop();
    await keep();
    const left = unready === null ? [...beside, ...(await whatIsLeft(subject, before, signal))] : [unready];
    const faults = struck.map(spanOf);
    const begun = faults[0]?.from ?? from;
    const timeline = timelineOf(faults, within, watch, await toldSince(within, begun, [], subject, signal));
    const relative = (time: number) => Math.round(time - begun);
    return {
      begunAt: begun,
      timeline,
      struck: struck.map((each) => ({ ...each, from: relative(each.from), until: relative(each.until) })),
      ...{ logs, left },
    };
  } finally {
    await watch.stop();
    await asItWas(topology, subject, progress);
  }
}

/** Where nodes are not there that would have to be, what was seen until then is worth more than what was changed. */
async function asItWas(topology: string, subject: Subject, progress: RunOptions["progress"]): Promise<void> {
  await subject.changeBack(topology).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    progress(`a change of the topology could not be taken back: ${why}`);
  });
}

/** Whatever happens in between, every fault is undone. Times are wall-clock milliseconds. */
async function strike(
  course: readonly Step[],
  subject: Subject,
  { progress, signal }: RunOptions,
  keep: () => Promise<void>,
): Promise<Struck[]> {
  const there = new Map<Blow, number>();
  const struck: Struck[] = [];
  const heal = async (blow: Blow) => {
    await blow.injection.undo(subject);
    struck.push({ blow, from: there.get(blow) ?? Date.now(), until: Date.now() });
    there.delete(blow);
  };
  /** One that cannot be undone keeps none of the others. */
  const healAll = async () => {
    const undone = await Promise.allSettled([...there.keys()].map(heal));
    for (const each of undone) if (each.status === "rejected") throw each.reason;
  };
  try {
    for (const { after, what, blow } of course) {
      await sleep(after, undefined, { signal });
      progress(what === "strike" ? blow.injection.text : `mended: ${blow.injection.text}`);
      if (what === "heal") await heal(blow);
      else {
        there.set(blow, Date.now());
        await blow.injection.inject(subject);
      }
      await keep();
    }
  } finally {
    await healAll();
  }
  return struck.sort((one, other) => one.from - other.from);
}

/** Waits until all is calm again. Rejects after a minute. */
async function recovered(subject: Subject, watch: Watch, signal: AbortSignal): Promise<void> {
  await untilReady(subject, recoveredWithin, signal, "did not recover from random faults");
  await untilServed(watch, signal);
  await sleep(calm, undefined, { signal });
}

const spanOf = ({ blow: { injection }, from, until }: Struck): FaultSpan => {
  const { text, machine, network } = injection;
  return { text, machine, network, from, until };
};
