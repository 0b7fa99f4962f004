import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome, Progress } from "../api/progress.js";
import { RefusedCall, UnreachableError } from "../fleet/client-errors.js";
import type { ReachedAgent } from "./agents.js";
import { UserError } from "./context.js";

/** Milliseconds. An agent that died is back within a second; the others settle what it left within a few. */
const lookEvery = 500;
const settledWithin = 30_000;

/** An apply that an agent carries out, whatever becomes of this process. */
export interface RunningApply {
  readonly id: string;
  readonly coordinator: ReachedAgent;
  /** All that can be asked, the coordinator too. */
  readonly agents: readonly ReachedAgent[];
  /** The number of the generation that it leads to. */
  readonly generation: number;
}

/** Tells each step once, and returns how it ended; when its coordinator died, as the nodes settled it. */
export async function followApply(
  { id, coordinator, agents, generation }: RunningApply,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  let told = 0;
  for (const until = Date.now() + settledWithin; ; await sleep(lookEvery)) {
    signal.throwIfAborted();
    try {
      const events = coordinator.client.events("progress", { params: { id } }, signal);
      let index = 0;
      for await (const progress of events) {
        index += 1;
        if (index <= told) continue; // Told from the beginning again after a lost connection.
        told = index;
        if (progress.kind === "ended") return progress;
        tell(progress);
      }
    } catch (error) {
      if (!(error instanceof UnreachableError) && !(error instanceof RefusedCall)) throw error;
      const settled = await settledOutcome(agents, generation);
      if (settled !== null) return settled;
      if (Date.now() > until)
        throw new UserError(
          `${coordinator.node} does not answer any more: 'holdfast status' shows what the nodes run (${error.message})`,
        );
    }
  }
}

/** What the nodes that answer have agreed on; null while they have not, or none answers. */
async function settledOutcome(agents: readonly ReachedAgent[], generation: number): Promise<Outcome | null> {
  const histories = (
    await Promise.all(agents.map(({ client }) => client.call("history", {}).catch(() => null)))
  ).filter((history) => history !== null);
  if (histories.length === 0) return null;
  const underWay = histories.flatMap(({ transaction }) => transaction ?? []);
  const trial = underWay.find(({ phase }) => phase === "trial");
  if (underWay.some(({ phase }) => phase !== "trial")) return null;
  const current = histories.map(({ entries }) => entries.find((entry) => entry.current));
  if (new Set(current.map((entry) => entry?.number)).size !== 1) return null;
  const [entry] = current;
  const arrived = entry?.number === generation;
  return {
    kind: "ended",
    outcome: arrived ? (trial ? "trial" : "kept") : "undone",
    generation: entry === undefined ? null : { number: entry.number, digest: entry.digest },
    nodes: histories.map(({ node }) => node),
    without: [],
    confirm_by: trial?.confirm_by ?? null,
    trouble: ["the agent that coordinated was lost on the way; the others settled it"],
  };
}

/** What somebody is told who ends the watching. */
export function goesOn(what: "apply" | "rollback", confirmTimeout: number | null): string {
  const words = `the ${what} goes on without this command: 'holdfast history' shows how it ended`;
  if (confirmTimeout === null) return words;
  // It ends later than that, as it has not begun yet.
  const until = new Date(Date.now() + confirmTimeout).toTimeString().slice(0, 8);
  return `${words}\nThen a timer runs: every node goes back unless 'holdfast confirm' comes, by ${until} to be safe`;
}
