import type { Outcome, Progress } from "../api/progress.js";
import { askFirst, type ReachedAgent } from "./agents.js";
import { followApply } from "./follow-apply.js";

/** What is to run, and under which terms. Durations are milliseconds. */
export interface WantedApply {
  readonly topology: string;
  /** The digest of the plan that was looked at. */
  readonly plan?: string;
  readonly message?: string;
  readonly without?: readonly string[];
  readonly confirmTimeout?: number | null;
}

/** Milliseconds until an agent has taken the request: the largest topologies take a second to render. */
const takenWithin = 20_000;

/** Has an agent bring all nodes to a topology, and follows it to its end. */
export async function applyTopology(
  agents: readonly ReachedAgent[],
  { topology, plan, message = "", without = [], confirmTimeout = null }: WantedApply,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const body = {
    topology,
    plan: plan ?? null,
    message,
    without: [...without],
    confirm_timeout: confirmTimeout,
  };
  const { agent, answer } = await askFirst(agents, "apply", { body }, takenWithin);
  return followApply(
    { id: answer.id, coordinator: agent, agents, generation: answer.leads_to },
    tell,
    signal,
  );
}
