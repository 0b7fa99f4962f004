import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LoadSwitch, type SpokenConnection } from "./load-switch.js";
import type { Plan } from "./plan.js";
import { newTally } from "./tally.js";

/** What a run of the generator came to. */
export interface LoadReport {
  readonly schema: "holdfast/openflow-load/v1";
  readonly switches: number;
  /** Switches with a session when the counting began. */
  readonly live: number;
  /** Those of the seconds that count, and all that there ever were. */
  readonly messages: { readonly sent: number; readonly answered: number; readonly sentInAll: number };
  readonly unanswered: number;
  readonly skipped: number;
  readonly seconds: number;
  /** Answers a second. */
  readonly rate: number;
  /** Milliseconds from a message until its answer. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly sessions: {
    readonly lost: number;
    readonly reconnects: number;
    readonly why: Record<string, number>;
  };
}

/** Milliseconds: until all switches have a session, and until the last answers are there. */
const patience = { sessions: 30_000, answers: 2_000 };

/** Sends what the plan says; ends early, and tells all the same, when the signal comes. */
export async function generate(plan: Plan, signal: AbortSignal): Promise<LoadReport> {
  const tally = newTally();
  const window = plan.rate === null ? plan.window : null;
  const manner = { size: plan.size, window, retry: plan.retry };
  const switches = Array.from({ length: plan.switches }, (_, index) => {
    const source = plan.sources[index % plan.sources.length] ?? null;
    const identity = { version: plan.version, datapath: plan.base + BigInt(index) };
    return new LoadSwitch(identity, { address: plan.address, port: plan.port, source }, manner, tally);
  });
  const liveOnes = () => switches.filter(({ live }) => live).length;
  await waitFor(() => liveOnes() === switches.length, patience.sessions, signal);
  const stop = plan.rate === null ? () => undefined : pace(switches, plan.rate);
  if (plan.warmUp > 0) await pause(plan.warmUp, signal);

  const live = liveOnes();
  const started = performance.now();
  tally.since = started;
  await pause(plan.seconds, signal);
  const seconds = (performance.now() - started) / 1_000;
  const { answered } = tally;
  stop();
  for (const each of switches) each.rest();
  await waitFor(() => switches.every(({ unanswered }) => unanswered === 0), patience.answers, signal);
  const spoken = switches.map((each) => [each.identity.datapath, each.end()] as const);
  if (plan.transcript !== null) await write(plan.transcript, spoken);
  const { sent, sentInAll, unanswered, skipped, lost, reconnects, why } = tally;
  return {
    ...{ schema: "holdfast/openflow-load/v1", switches: switches.length, live, unanswered, skipped },
    messages: { sent, answered: tally.answered, sentInAll },
    seconds: Number(seconds.toFixed(3)),
    rate: Math.round(answered / seconds),
    latency: tally.latency.summary,
    sessions: { lost, reconnects, why },
  };
}

/** So many messages a second, in turn; what a late timer left out is made up for at once. Returns how to stop it. */
function pace(switches: readonly LoadSwitch[], rate: number): () => void {
  const started = performance.now();
  let [sent, turn] = [0, 0];
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1_000) * rate) - sent;
    sent += due;
    const [each, more] = [Math.floor(due / switches.length), due % switches.length];
    for (let index = 0; index < (each > 0 ? switches.length : more); index += 1)
      switches[(turn + index) % switches.length]?.send(each + (index < more ? 1 : 0));
    turn = (turn + more) % switches.length;
  }, 1);
  return () => clearInterval(timer);
}

async function waitFor(holds: () => boolean, milliseconds: number, signal: AbortSignal): Promise<void> {
  for (const end = performance.now() + milliseconds; !holds() && performance.now() < end && !signal.aborted; )
    await sleep(10);
}

const pause = (seconds: number, signal: AbortSignal): Promise<void> =>
  sleep(seconds * 1_000, undefined, { signal }).catch(() => undefined);

/** A file a switch, named by its datapath id. */
async function write(
  directory: string,
  spoken: readonly (readonly [bigint, SpokenConnection[]])[],
): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [datapath, connections] of spoken) {
    const name = datapath.toString(16).padStart(16, "0");
    await writeFile(join(directory, `${name}.json`), `${JSON.stringify({ datapath: name, connections })}\n`);
  }
}
