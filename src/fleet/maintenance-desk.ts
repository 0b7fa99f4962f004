import type { Cluster } from "../topology/cluster.js";
import { drainRefusal, noted, outOfService, type Unfit } from "./maintenance.js";
import { checkDrains, type DrainCheck } from "./maintenance-check.js";
import { meetAll } from "./maintenance-round.js";
import type { Member } from "./member.js";
import type { OfficeParts } from "./office-parts.js";
import { messageOf, Refusal } from "./refusal.js";
import { unfitBecause } from "./standing.js";
import { within } from "./time-limit.js";

export interface MaintenanceRequest {
  readonly node: string;
  readonly on: boolean;
  readonly force: boolean;
}

export interface MaintenanceAnswer {
  readonly node: string;
  readonly on: boolean;
  /** It was so before. */
  readonly already: boolean;
  /** Nodes that learn of it from the others. */
  readonly silent: readonly string[];
}

/** Milliseconds. */
const patience = 3_000;

/** Takes a node out of service for long, or back into it; the node itself may be out of reach. @throws Refusal */
export async function maintain(
  { own, cluster, peers, book, tell }: OfficeParts,
  { node, on, force }: MaintenanceRequest,
  by: string,
): Promise<MaintenanceAnswer> {
  const current = cluster();
  const names = current?.nodes.map(({ name }) => name) ?? [];
  if (current === null || !names.includes(node))
    throw new Refusal(`there is no node ${node}; the nodes are ${names.join(", ") || "not known yet"}`);
  const others = peers([current]);
  await meetAll(book, others);
  const already = outOfService(book.notes).includes(node) === on;
  if (on && !force) {
    const { unfit } = await look({ own, book }, others, current);
    const refusal = drainRefusal(node, unfit);
    if (refusal !== null) throw new Refusal(refusal);
  }
  if (!already) await book.meet(noted(book.notes, { node, on, by }, Date.now()));
  const silent = await meetAll(book, others);
  const away = outOfService(book.notes);
  if (on && !force && !already && names.every((name) => away.includes(name))) {
    // Somebody took the last other one out through another agent meanwhile. Both hear it, and neither stays out.
    await book.meet(noted(book.notes, { node, on: false, by }, Date.now()));
    await meetAll(book, others);
    throw new Refusal(
      `draining the last ready node is refused: ${names.join(" and ")} would be in maintenance`,
    );
  }
  const words = on ? `${by} took ${node} out of service` : `${by} put ${node} back into service`;
  if (!already) tell("maintenance", words, { node, on, by });
  return { node, on, already, silent: silent.sort() };
}

/** What it would come to if any of the nodes was taken out of service now; changes nothing. @throws Refusal */
export async function checkMaintenance({ own, cluster, peers, book }: OfficeParts): Promise<DrainCheck[]> {
  const current = cluster();
  if (current === null) throw new Refusal("this node has no topology yet: there is nothing to maintain");
  const others = peers([current]);
  await meetAll(book, others);
  const { unfit, active } = await look({ own, book }, others, current);
  return checkDrains(current, unfit, active, outOfService(book.notes));
}

/** How every node stands, and which of them are active. */
async function look(
  { own, book }: Pick<OfficeParts, "own" | "book">,
  others: readonly Member[],
  { nodes }: Cluster,
): Promise<{ readonly unfit: Unfit; readonly active: readonly string[] }> {
  const away = outOfService(book.notes);
  const members = [own, ...others].filter(({ node }) => nodes.some(({ name }) => name === node));
  const seen = await Promise.all(
    members.map(async (member) => {
      const { node } = member;
      try {
        const standing = await within(patience, member.state(), "it does not answer");
        const why = away.includes(node) ? "it is in maintenance" : unfitBecause(standing);
        return { node, why, active: standing.role === "active" };
      } catch (error) {
        return { node, why: away.includes(node) ? "it is in maintenance" : messageOf(error), active: false };
      }
    }),
  );
  return {
    unfit: new Map(seen.map(({ node, why }) => [node, why])),
    active: seen.filter((each) => each.active).map(({ node }) => node),
  };
}
