import type { Survey } from "../deploy/transaction.js";
import { allowance } from "../drill/allowance.js";
import type { Cluster } from "../topology/cluster.js";
import { handover } from "../topology/timing.js";
import { outOfService } from "./maintenance.js";
import { meetAll } from "./maintenance-round.js";
import type { Member } from "./member.js";
import type { OfficeParts } from "./office-parts.js";
import { Refusal } from "./refusal.js";
import { type Standing, unfitBecause } from "./standing.js";
import { activeAlone, checkTargets, type TargetCheck } from "./switchover-check.js";
import { type BeforeMove, switchoverObstacle, switchoverWarning } from "./switchover-obstacle.js";
import { type Candidate, planSwitchover } from "./switchover-plan.js";
import { within } from "./time-limit.js";

export interface SwitchoverRequest {
  /** Null: the most preferred standby. */
  readonly to: string | null;
  readonly force: boolean;
}

export interface SwitchoverAnswer {
  readonly from: string;
  readonly to: string;
  /** When `from` was asked to step back, by the clock of `to` (ISO 8601). */
  readonly at: string;
  /** Milliseconds, as the new active node saw them. */
  readonly gap: number;
  /** One clause, and what else is worth knowing. */
  readonly verdict: string;
}

/** What a planned move would meet now. */
export interface SwitchoverCheck {
  /** Null where not exactly one node is active. */
  readonly from: string | null;
  /** Milliseconds without the virtual IPs, at most, that are expected of it. */
  readonly expected: number;
  readonly targets: readonly TargetCheck[];
}

/** Milliseconds. */
const patience = 3_000;

/** A planned move of all virtual IPs, looked at beforehand and measured by the node that takes them over. @throws Refusal */
export async function switchOver(
  parts: OfficeParts,
  { to, force }: SwitchoverRequest,
  by: string,
): Promise<SwitchoverAnswer> {
  const { cluster, members, states, seen } = await lookBefore(parts);
  const plan = planSwitchover(cluster, states, to, force);
  const why = force ? null : switchoverObstacle(plan, seen);
  if (why !== null) throw new Refusal(`${why}: nothing was moved; --force moves all the same`);
  const target = members.find(({ node }) => node === plan.to);
  if (target === undefined) throw new Refusal(`${plan.to} cannot be asked to take over`);
  const { at, gap } = await target.takeOver({ from: plan.from, aside: plan.aside, by });
  const verdict = [verdictOn(cluster, gap), switchoverWarning(plan, seen) ?? []].flat().join("; ");
  return { from: plan.from, to: plan.to, at: new Date(at).toISOString(), gap, verdict };
}

/** The same looks without the move. @throws Refusal where there is nothing to move */
export async function checkSwitchover(parts: OfficeParts): Promise<SwitchoverCheck> {
  const { cluster, states, seen } = await lookBefore(parts);
  return {
    from: activeAlone(states),
    expected: expectedGap(cluster),
    targets: checkTargets(cluster, states, seen),
  };
}

interface Before {
  readonly cluster: Cluster;
  readonly members: readonly Member[];
  readonly states: readonly Candidate[];
  readonly seen: BeforeMove;
}

async function lookBefore(parts: OfficeParts): Promise<Before> {
  const cluster = parts.cluster();
  if (cluster === null) throw new Refusal("this node has no topology yet: nothing can be moved");
  if (cluster.nodes.length === 0)
    throw new Refusal(`cluster ${cluster.name} has no load balancers: there is nothing to move`);
  const others = parts.peers([cluster]);
  const members = [parts.own, ...others].filter(({ node }) =>
    cluster.nodes.some(({ name }) => name === node),
  );
  const seen = await look(parts, members, others);
  const states = seen.standings.map((state) => ({ ...state, unfit: unfitNow(state, seen.away) }));
  return { cluster, members, states, seen };
}

const unfitNow = (state: Standing, away: readonly string[]): string | null =>
  away.includes(state.name) ? "it is in maintenance" : unfitBecause(state);

/** Nodes that do not answer are missing from what is seen. */
async function look(
  { book }: OfficeParts,
  members: readonly Member[],
  others: readonly Member[],
): Promise<BeforeMove> {
  const answered = async <T>(ask: (member: Member) => Promise<T>): Promise<T[]> => {
    const results = await Promise.allSettled(
      members.map((member) => within(patience, ask(member), `${member.node} does not answer`)),
    );
    return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  };
  const [standings, surveys] = await Promise.all([
    answered<Standing>((member) => member.state()),
    answered<Survey>((member) => member.survey()),
    meetAll(book, others),
  ]);
  return { standings, surveys, away: outOfService(book.notes) };
}

/** As the drill of a planned move expects it, which measures what the probes lose to a busy processor. */
const expectedGap = (cluster: Cluster): number =>
  Math.ceil(handover(cluster) + allowance.takeover + allowance.noise);

function verdictOn(cluster: Cluster, gap: number): string {
  const expected = expectedGap(cluster);
  return gap <= expected
    ? `within the ${expected} ms that were expected`
    : `longer than the ${expected} ms that were expected`;
}
