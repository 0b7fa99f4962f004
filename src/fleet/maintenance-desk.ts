import { drainRefusal, noted, outOfService } from "./maintenance.js";
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
    const nodes = [own, ...others].filter((member) => names.includes(member.node));
    const refusal = drainRefusal(node, await unfit(nodes, outOfService(book.notes)));
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

/** Of every node: why it could not serve now, null where it could. */
async function unfit(
  members: readonly Member[],
  away: readonly string[],
): Promise<Map<string, string | null>> {
  const reasons = await Promise.all(
    members.map(async (member): Promise<[string, string | null]> => {
      if (away.includes(member.node)) return [member.node, "it is in maintenance"];
      try {
        return [member.node, unfitBecause(await within(patience, member.state(), "it does not answer"))];
      } catch (error) {
        return [member.node, messageOf(error)];
      }
    }),
  );
  return new Map(reasons);
}
