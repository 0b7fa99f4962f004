import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "../../api/event.js";
import { calm, readyWithin, recoveredWithin } from "../calm.js";
import type { SafeDrill } from "../drill.js";
import type { AskedInjection, Moved } from "../fault/fault.js";
import { noted } from "../run.js";
import { clientNetwork, type Situation } from "../situation.js";
import { type RunOptions, UnreadyError } from "../subject.js";
import {
  explainedTakeover,
  marksOf,
  newSince,
  takeoversIn,
  toldFrom,
  twoOwnersIn,
  unheard,
} from "./agents-words.js";
import {
  isTold,
  judgeLive,
  type LiveDrillResult,
  type LiveExpectation,
  liveExpectation,
  type Reading,
  readingNames,
  type Unmeasured,
} from "./live-measurement.js";
import type { LiveSubject } from "./live-subject.js";

/** Milliseconds. */
const lookEvery = 300;
const toldWithin = 6_000;

/** What a lab has, and real nodes do not. */
const neverHere: readonly Unmeasured[] = [
  { what: "sessions of switches", why: "they are the switches' own" },
  { what: "to whom switches send", why: "no switch is asked for its neighbours" },
];

/** A node that goes into maintenance, or comes back from it, asks nobody how long the move took. */
const onlyOneWay: Unmeasured = {
  what: `${readingNames.gap}, of both moves`,
  why: "only a planned move is timed by the node that takes over",
};

const notHeard = (node: string): Unmeasured => ({
  what: `what ${node} noticed`,
  why: "its agent did not answer",
});

const nodeNames = ({ cluster }: LiveSubject): string[] => cluster.nodes.map(({ name }) => name);

/** Has the agents do what the drill says, and everything undone; judges by what they tell, and by what is seen from here. */
export async function runLive(
  drill: SafeDrill,
  subject: LiveSubject,
  { progress, signal }: RunOptions,
): Promise<LiveDrillResult> {
  progress("asking whether the cluster is well");
  const situation = await untilWell(subject, readyWithin, "cannot be drilled", signal);
  const injection = drill.fault.on(situation);
  const expected = liveExpectation(drill.expect(subject.cluster, situation));
  const view = await subject.watch(signal);
  try {
    await sleep(calm, undefined, { signal });
    return await noted({ drill: drill.name, fault: injection.text }, subject, signal, async () => {
      const marks = marksOf(await subject.logs());
      const began = Date.now();
      progress(injection.text);
      const done = await thereAndBack(drill, injection, situation, subject, { progress, signal });
      await sleep(calm, undefined, { signal });
      const ended = Date.now();
      let logs: readonly (readonly Event[])[] = [];
      const look = async () => {
        logs = await subject.logs();
        return newSince(marks, logs);
      };
      const events = await untilTold(look, expected, signal);
      const told = toldFrom(done.at, events);
      const takeovers = takeoversIn(events);
      const explained = takeovers.flatMap((takeover) => explainedTakeover(takeover) ?? []);
      const byAgents = [
        ...longest(readingNames.gap, done.gaps, expected),
        ...longest(readingNames.takeover, explained, expected),
      ];
      const seen = {
        readings: [...byAgents, ...view.readings(expected, began, ended)],
        unmeasured: [
          ...(explained.length === takeovers.length
            ? []
            : [{ what: readingNames.takeover, why: "an agent did not see every step on the wire" }]),
          ...(done.gaps.length === expected.moves ? [] : [onlyOneWay]),
          ...unheard(nodeNames(subject), marks, logs).map(notHeard),
          ...view.unmeasured,
          ...neverHere,
        ],
        moves: takeovers.length,
        active: { before: situation.active, meanwhile: done.meanwhile, after: done.after },
        twoOwners: twoOwnersIn(events),
      };
      return {
        drill: drill.name,
        injected: `${injection.text}, and back`,
        at: new Date(done.at).toISOString(),
        expected,
        seen,
        verdict: judgeLive(seen, expected, told),
        events: told,
      };
    });
  } finally {
    await view.stop();
  }
}

interface Done {
  readonly at: number;
  readonly gaps: readonly number[];
  readonly meanwhile: string;
  readonly after: string;
}

/** Whatever happens in between, what was asked for is undone, and the same node is active as before. */
async function thereAndBack(
  drill: SafeDrill,
  injection: AskedInjection,
  { active }: Situation,
  subject: LiveSubject,
  { progress, signal }: RunOptions,
): Promise<Done> {
  const gaps: number[] = [];
  const move = async (from: string, to: string): Promise<Moved> => {
    const moved = await subject.move(from, to);
    gaps.push(moved.gap);
    return moved;
  };
  const requests = { ...subject, move };
  const back = async (): Promise<string> => {
    await injection.undo(requests);
    const now = await untilWell(subject, recoveredWithin, "did not recover");
    if (now.active === active) return active;
    await move(now.active, active);
    return (await untilWell(subject, recoveredWithin, "did not recover")).active;
  };
  signal.throwIfAborted();
  let after: string | null = null;
  try {
    const at = await injection.inject(requests);
    const meanwhile = await untilMoved(active, drill.deadline, subject, signal);
    await sleep(drill.watch(subject.cluster), undefined, { signal });
    progress(`${meanwhile} is active; undoing it`);
    after = await back();
    progress(`${after} is active`);
    return { at, gaps, meanwhile, after };
  } finally {
    // A request that failed half way may have moved them all the same.
    if (after === null) progress(await back().then(isBack, isNotBack(active)));
  }
}

const isBack = (after: string): string => `undone; ${after} is active`;
const isNotBack =
  (active: string) =>
  (error: unknown): string =>
    `NOT undone, ${active} may not be active again: ${error instanceof Error ? error.message : error}`;

async function untilMoved(
  from: string,
  within: number,
  subject: LiveSubject,
  signal: AbortSignal,
): Promise<string> {
  for (const end = Date.now() + within; ; await sleep(lookEvery, undefined, { signal })) {
    const { active } = await subject.look();
    const [only, ...others] = active;
    if (only !== undefined && others.length === 0 && only !== from) return only;
    if (Date.now() > end)
      throw new UnreadyError(
        `cluster ${subject.cluster.name} did not move: ${active.join(" and ") || "no node"} is active`,
      );
  }
}

/** @param what else is to be said of the cluster */
async function untilWell(
  { cluster, look }: Pick<LiveSubject, "cluster" | "look">,
  within: number,
  what: string,
  signal?: AbortSignal,
): Promise<Situation> {
  for (const end = Date.now() + within; ; await sleep(lookEvery, undefined, signal && { signal })) {
    const { readiness } = await look();
    if (readiness.ready) {
      const { active, standby } = readiness;
      const busiestServer = { machine: "", sessions: 0 };
      return { active, standby, network: clientNetwork(cluster), busiestServer };
    }
    if (Date.now() > end)
      throw new UnreadyError(
        `cluster ${cluster.name} ${what}: look at 'holdfast status' (${readiness.reason})`,
      );
  }
}

/** A takeover is explained when its consequences are seen. */
async function untilTold(
  look: () => Promise<Event[]>,
  { moves, told }: LiveExpectation,
  signal: AbortSignal,
): Promise<Event[]> {
  for (const end = Date.now() + toldWithin; ; await sleep(lookEvery, undefined, { signal })) {
    const events = await look();
    const all =
      takeoversIn(events).length >= moves && told.every((alarm) => isTold(toldFrom(0, events), alarm));
    if (all || Date.now() > end) return events;
  }
}

const longest = (what: string, values: readonly number[], expected: LiveExpectation): Reading[] =>
  values.length === 0
    ? []
    : [{ what, value: Math.max(...values), atMost: expected.addressOutageAtMost, noise: 0 }];
