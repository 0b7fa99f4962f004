import { isSame } from "../deploy/generation.js";
import type { Survey } from "../deploy/transaction.js";
import { changeUnderWay } from "./obstacle.js";
import type { Standing } from "./standing.js";
import type { SwitchoverPlan } from "./switchover-plan.js";

/** What is known of the nodes before a planned move. */
export interface BeforeMove {
  readonly standings: readonly Standing[];
  readonly surveys: readonly Survey[];
  /** Nodes in maintenance. */
  readonly away: readonly string[];
}

/** Why a planned move to a fit standby would be unwise; null when it would not. One sentence, without what to do about it. Pure. */
export function switchoverObstacle({ from, to }: SwitchoverPlan, seen: BeforeMove): string | null {
  const survey = (name: string) => seen.surveys.find(({ node }) => node === name);
  const [before, after] = [survey(from)?.current ?? null, survey(to)?.current ?? null];
  if (!isSame(before, after))
    return `${from} runs generation ${before?.number ?? "none"} and ${to} ${after?.number ?? "none"}`;
  const unsynced = seen.standings.find(({ name }) => name === to)?.report?.sync?.why ?? null;
  if (unsynced !== null) return `${to} does not hold the sessions of ${from} (${unsynced})`;
  return changeUnderWay(seen.surveys);
}

/** What is worth knowing although it stands in nobody's way. */
export const switchoverWarning = ({ to }: SwitchoverPlan, { standings }: BeforeMove): string | null => {
  const drifts = standings.find(({ name }) => name === to)?.drifts ?? [];
  return drifts.length === 0 ? null : `${to} differs from its generation: ${drifts.join("; ")}`;
};
