import type { Event, EventKind } from "../../api/event.js";
import { keyOf, type State } from "./state.js";
import { ownersOf } from "./verdict.js";

/** Whatever is another one where drift may be: what the picture says of it, and the last event about it. Pure. */
export const driftKey = ({ picture, events }: Pick<State, "picture" | "events">): string =>
  [
    (picture?.nodes ?? []).map(({ name, drift }) => `${name} ${drift}`),
    last(events, "drift", "apply"),
  ].join();

/** The same of the generations on the nodes. Pure. */
export const historyKey = ({ picture, events }: Pick<State, "picture" | "events">): string =>
  [
    (picture?.nodes ?? []).map(({ generation }) => generation?.number ?? "none"),
    picture?.trial?.confirm_by ?? "",
    last(events, "apply"),
  ].join();

/** The same of all that speaks for or against a move. Pure. */
export const moveKey = (state: Pick<State, "picture" | "owners">): string => {
  const nodes = (state.picture?.nodes ?? []).map(
    ({ name, role, healthy, why, generation, sync, drift }) =>
      `${name} ${role} ${healthy} ${why} ${generation?.number} ${sync} ${drift}`,
  );
  return [ownersOf(state), nodes, state.picture?.trial?.confirm_by ?? ""].join();
};

function last(events: readonly Event[], ...kinds: EventKind[]): string {
  const event = events.findLast(({ kind }) => kinds.includes(kind));
  return event === undefined ? "" : keyOf(event);
}
