import { setTimeout as sleep } from "node:timers/promises";
import type { DrillNote } from "../api/drill-note.js";
import type { Event } from "../api/event.js";
import type { NodeState } from "../observe/state.js";
import type { Drill, Expectation } from "./drill.js";
import type { Injection, Stage } from "./fault/fault.js";
import { judge, missing, type Verdict } from "./judge.js";
import { busiestServer } from "./load.js";
import type { Measurement } from "./measurement.js";
import { acquaint, seenNeighbours } from "./neighbour-tables.js";
import type { DrillResult } from "./report.js";
import type { Situation } from "./situation.js";
import { clientNetwork, readiness } from "./situation.js";
import { after, type FaultSpan, type Interval, type Timeline, type Told } from "./timeline.js";
import { startWatch, type Watch } from "./watch.js";

/** What a drill is run on. */
export interface Subject extends Stage {
  /** What every node's engines say now. */
  states(): Promise<NodeState[]>;
  /** Has every machine with an agent that can be reached note it among its events. Never rejects. */
  note(drill: DrillNote): Promise<void>;
  /** What the agents that answer told since then (wall-clock milliseconds), in the order of its time. Never rejects. */
  told(since: number): Promise<Event[]>;
  /** What the agents of VPN servers say is wrong; those that do not answer say nothing. */
  vpnTroubles(): Promise<string[]>;
}

export interface RunOptions {
  /** Told what happens, in a few words, whenever something does. */
  progress(text: string): void;
  /** Ends the drill early; its fault is undone all the same. */
  readonly signal: AbortSignal;
}

/** The drill could not be run, or the cluster did not recover from it. The message says what to do. */
export class DrillError extends Error {}

/** Milliseconds. */
const readyWithin = 15_000;
const flowingWithin = 15_000;
const recoveredWithin = 60_000;
const stateEvery = 300;
const lookEvery = 20;
/** A takeover is told when its consequences are seen. */
const toldWithin = 6_000;
/** All is quiet for so long before the fault, and served for so long after it. */
const calm = 500;

/** Breaks what the drill says, watches it from the switches' side, repairs it, and judges what was seen. */
export async function runDrill(drill: Drill, subject: Subject, options: RunOptions): Promise<DrillResult> {
  const { lab } = subject;
  const { progress, signal } = options;
  progress("waiting for a ready cluster");
  await whole(
    subject,
    readyWithin,
    signal,
    "cannot take a fault: look at 'holdfast status', then run the drill again",
  );
  progress("starting the probes");
  const watch = await startWatch(lab);
  try {
    await flowing(watch, signal);
    await acquaint(lab);
    await sleep(calm, undefined, { signal });
    await whole(subject, readyWithin, signal, "is not calm under the probes: look at 'holdfast status'");
    const situation = await observe(subject);
    const injection = drill.fault.on(situation);
    const expected = drill.expect(lab.cluster, situation);
    const { text: injected, machine, network } = injection;
    progress(injected);
    return await noted({ drill: drill.name, fault: injected }, subject, signal, async () => {
      const { injectedAt, endedAt, ...found } = await breakAndMend(drill, injection, subject, watch, options);
      const mendedAt = Date.now();
      progress("mended; waiting until every node is ready again");
      await whole(subject, recoveredWithin, signal, "did not recover: 'holdfast status' says what is left");
      const within = { from: injectedAt - calm, until: Date.now() };
      await watch.stop();
      const seen = { ...watch.measure(injectedAt, endedAt), ...found };
      const at = new Date(injectedAt).toISOString();
      const fault = { text: injected, machine, network, from: injectedAt, until: mendedAt };
      const timeline = await timelineOf(fault, within, watch, subject, expected, signal);
      return {
        drill: drill.name,
        injected,
        at,
        expected,
        seen,
        verdict: judge(seen, expected, timeline.events),
        timeline,
      };
    });
  } finally {
    await watch.stop();
  }
}

/** All beside each other, told from the fault on. */
async function timelineOf(
  fault: FaultSpan,
  within: Interval,
  watch: Watch,
  { told }: Subject,
  { told: alarms }: Expectation,
  signal: AbortSignal,
): Promise<Timeline> {
  const injectedAt = fault.from;
  const isToldOf = (events: readonly Told[]) => missing(events, alarms).length === 0;
  const look = async (): Promise<Told[]> =>
    (await told(within.from)).map(({ at, node, kind, text }) => ({
      ...{ at: Date.parse(at) - injectedAt, node, kind, text },
    }));
  let events = await look();
  for (const end = Date.now() + toldWithin; !isToldOf(events) && Date.now() < end; events = await look())
    await sleep(stateEvery, undefined, { signal });
  return {
    ...after(injectedAt, within),
    faults: [{ ...fault, ...after(injectedAt, fault) }],
    owners: watch.measure(injectedAt, within.until).owners.timeline,
    lanes: watch.lanes(injectedAt, within),
    events,
  };
}

/** The machines' events tell of the drill before anything that it brings about, and at its end what became of it. */
export async function noted<Result extends { readonly verdict: Verdict }>(
  drill: Omit<DrillNote, "outcome">,
  { note }: Subject,
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

/** Whatever happens in between, the fault is undone. */
async function breakAndMend(
  drill: Drill,
  injection: Injection,
  stage: Stage,
  watch: Watch,
  { signal }: RunOptions,
): Promise<{ injectedAt: number; endedAt: number } & Pick<Measurement, "settled" | "neighbours">> {
  const { lab } = stage;
  signal.throwIfAborted();
  try {
    const injectedAt = await injection.inject(stage);
    const earliest = injectedAt + drill.watch(lab.cluster);
    const latest = injectedAt + drill.deadline;
    let servedSince: number | null = null;
    for (;;) {
      const now = Date.now();
      servedSince = watch.silent(now).length > 0 ? null : (servedSince ?? now);
      const settled = servedSince !== null && now - servedSince >= calm;
      if ((settled && now >= earliest) || now >= latest) {
        const neighbours = await seenNeighbours(lab, watch.owners, injectedAt, signal);
        return { injectedAt, endedAt: now, settled, neighbours };
      }
      await sleep(lookEvery, undefined, { signal });
    }
  } finally {
    await injection.undo(stage);
  }
}

async function whole(subject: Subject, within: number, signal: AbortSignal, cure: string): Promise<void> {
  const until = Date.now() + within;
  for (;;) {
    const now = readiness(subject.lab.cluster, await subject.states());
    if (now.ready) return;
    if (Date.now() > until)
      throw new DrillError(`cluster ${subject.lab.cluster.name} ${cure} (${now.reason})`);
    await sleep(stateEvery, undefined, { signal });
  }
}

async function flowing(watch: Watch, signal: AbortSignal): Promise<void> {
  const until = Date.now() + flowingWithin;
  for (let silent = watch.silent(Date.now()); silent.length > 0; silent = watch.silent(Date.now())) {
    if (Date.now() > until)
      throw new DrillError(`${silent.join(", ")} did not answer before any fault: look at 'holdfast status'`);
    await sleep(lookEvery, undefined, { signal });
  }
}

async function observe({ lab, states }: Subject): Promise<Situation> {
  const { cluster } = lab;
  const all = await states();
  const now = readiness(cluster, all);
  if (!now.ready)
    throw new DrillError(`cluster ${cluster.name} was not calm under the probes (${now.reason})`);
  const [service] = cluster.services;
  const active = all.find(({ name }) => name === now.active);
  const busiest =
    service && active ? await busiestServer(service, active, lab.machine(now.active).host) : null;
  const machine = lab.machines.find(({ addresses }) =>
    Object.values(addresses).some((own) => busiest !== null && own.includes(busiest.server.address)),
  );
  return {
    active: now.active,
    standby: now.standby,
    network: clientNetwork(cluster),
    busiestServer: { machine: machine?.name ?? "", sessions: busiest?.sessions ?? 0 },
  };
}
