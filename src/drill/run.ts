import { setTimeout as sleep } from "node:timers/promises";
import type { DrillNote } from "../api/drill-note.js";
import type { Lab } from "../lab/lab.js";
import { askAround } from "./ask-around.js";
import {
  calm,
  inVain,
  type Ready,
  readyWithin,
  recoveredWithin,
  untilReady,
  untilServed,
  whatIsLeft,
} from "./calm.js";
import type { Drill, Expectation } from "./drill.js";
import { promiseOf } from "./expectation.js";
import type { Injection } from "./fault/fault.js";
import { generationsOf } from "./generations.js";
import { judge, type Verdict } from "./judge.js";
import { busiestServer } from "./load.js";
import { mixed } from "./meanwhile.js";
import { addressOutage, type Measurement } from "./measurement.js";
import { acquaint, seenNeighbours } from "./neighbour-tables.js";
import { movesSince } from "./owners.js";
import { timelineOf, toldSince } from "./record.js";
import type { DrillResult } from "./report.js";
import { clientNetwork, type Situation } from "./situation.js";
import { DrillError, type RunOptions, type Subject } from "./subject.js";
import { tracesOf } from "./traces.js";
import { startWatch, type Watch } from "./watch.js";

const lookEvery = 20;

/** Milliseconds: before a fault that lasts is undone, it is looked whether all is as it may be meanwhile. */
const lookTakes = 1_500;

/** Breaks what the drill says, watches it from the switches' side, repairs it, and judges what was seen. */
export async function runDrill(drill: Drill, subject: Subject, options: RunOptions): Promise<DrillResult> {
  const { lab } = subject;
  const { progress, signal } = options;
  progress("waiting for a ready cluster");
  await untilReady(
    subject,
    readyWithin,
    signal,
    "cannot take a fault: look at 'holdfast status', then run the drill again",
  );
  const before = await tracesOf(lab);
  progress("starting the probes");
  const watch = await startWatch(lab);
  try {
    await untilServed(watch, signal);
    await acquaint(lab);
    await sleep(calm, undefined, { signal });
    const cure = "is not calm under the probes: look at 'holdfast status'";
    const situation = await situationOf(lab, await untilReady(subject, readyWithin, signal, cure));
    const injection = drill.fault.on(situation);
    const expected = promiseOf(drill, lab.cluster, situation);
    const { text: injected, machine, network } = injection;
    progress(injected);
    return await noted({ drill: drill.name, fault: injected }, subject, signal, async () => {
      const { injectedAt, mendedAt, endedAt, ...found } = await breakAndMend(
        drill,
        injection,
        expected,
        subject,
        watch,
        options,
      );
      progress("mended; waiting until every node is ready again");
      const cure = "did not recover: 'holdfast status' says what is left";
      const unready = await inVain(untilReady(subject, recoveredWithin, signal, cure));
      const within = { from: injectedAt - calm, until: Date.now() };
      await watch.stop();
      const left = unready === null ? await whatIsLeft(subject, before, signal) : [unready];
      const recovery = recoveryIn(watch, Math.max(mendedAt, endedAt), within.until);
      const seen = { ...watch.measure(injectedAt, endedAt), ...found, recovery, left };
      const at = new Date(injectedAt).toISOString();
      const fault = { text: injected, machine, network, from: injectedAt, until: mendedAt };
      const events = await toldSince(within, injectedAt, expected.told, subject, signal);
      const timeline = timelineOf([fault], within, watch, events);
      return {
        drill: drill.name,
        injected,
        at,
        expected,
        seen,
        verdict: judge(seen, expected, events),
        timeline,
      };
    });
  } finally {
    await watch.stop();
  }
}

/** The machines' events tell of the drill before anything that it brings about, and at its end what became of it. */
export async function noted<Result extends { readonly verdict: Verdict }>(
  drill: Omit<DrillNote, "outcome">,
  { note }: Pick<Subject, "note">,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  await note({ ...drill, outcome: "begins" });
  try {
    const result = await work();
    await note({ ...drill, outcome: result.verdict.pass ? "passed" : "failed" });
    return result;
  } catch (error) {
    await note({ ...drill, outcome: signal.aborted ? "interrupted" : "failed" });
    throw error;
  }
}

/** Wall-clock milliseconds of a fault, and what was seen at the end of it. */
interface Broken extends Pick<Measurement, "settled" | "neighbours" | "meanwhile"> {
  readonly injectedAt: number;
  readonly mendedAt: number;
  readonly endedAt: number;
}

/** Whatever happens in between, the fault is undone. */
async function breakAndMend(
  drill: Drill,
  injection: Injection,
  { bothAnswer = false }: Expectation,
  stage: Subject,
  watch: Watch,
  { signal }: RunOptions,
): Promise<Broken> {
  const { lab } = stage;
  const mend = async (): Promise<number> => {
    await injection.undo(stage);
    return Date.now();
  };
  const meanwhile = new Set<string>();
  const look = async (both: boolean): Promise<void> => {
    const beside = both ? [] : await askAround(lab, watch.owners, watch.heard);
    for (const each of [...beside, ...mixed(await generationsOf(lab))]) meanwhile.add(each);
  };
  let mendedAt: number | null = null;
  signal.throwIfAborted();
  try {
    const injectedAt = await injection.inject(stage);
    const { lasts = null } = drill;
    const earliest = injectedAt + (lasts ?? 0) + drill.watch(lab.cluster);
    const latest = injectedAt + drill.deadline;
    let servedSince: number | null = null;
    let looked = false;
    for (;;) {
      if (lasts !== null && !looked && Date.now() >= injectedAt + lasts - lookTakes) {
        looked = true;
        await look(bothAnswer);
      }
      if (lasts !== null && mendedAt === null && Date.now() >= injectedAt + lasts) {
        await cameAbout(drill, injection);
        mendedAt = await mend();
      }
      const now = Date.now();
      servedSince = watch.silent(now).length > 0 ? null : (servedSince ?? now);
      const settled = servedSince !== null && now - servedSince >= calm;
      if ((settled && now >= earliest) || now >= latest) {
        const neighbours = await seenNeighbours(lab, watch.owners, injectedAt, signal);
        await look(false);
        if (mendedAt === null) {
          await cameAbout(drill, injection);
          mendedAt = await mend();
        }
        return { injectedAt, mendedAt, endedAt: now, settled, neighbours, meanwhile: [...meanwhile] };
      }
      await sleep(lookEvery, undefined, { signal });
    }
  } finally {
    if (mendedAt === null) await mend();
  }
}

function recoveryIn(watch: Watch, from: number, until: number): Measurement["recovery"] {
  const { addresses, serviceOutage, owners, noise } = watch.measure(from, until);
  const contests = watch.contests(from, until).map((each) => each.until - Math.max(0, each.from));
  return {
    addressOutage: addressOutage({ addresses }),
    serviceOutage: serviceOutage ?? 0,
    twoOwners: Math.max(0, ...contests),
    moves: movesSince(0, owners.timeline),
    noise,
  };
}

/** Throws unless the fault came about. */
async function cameAbout({ name }: Drill, { missed }: Injection): Promise<void> {
  const why = (await missed?.()) ?? null;
  if (why !== null) throw new DrillError(`${name} was not injected: ${why}`);
}

async function situationOf(lab: Lab, { active, standby, states }: Ready): Promise<Situation> {
  const { cluster } = lab;
  const [service] = cluster.services;
  const state = states.find(({ name }) => name === active);
  const busiest = service && state ? await busiestServer(service, state, lab.machine(active).host) : null;
  const machine = lab.machines.find(({ addresses }) =>
    Object.values(addresses).some((own) => busiest !== null && own.includes(busiest.server.address)),
  );
  return {
    active,
    standby,
    network: clientNetwork(cluster),
    busiestServer: { machine: machine?.name ?? "", sessions: busiest?.sessions ?? 0 },
  };
}
