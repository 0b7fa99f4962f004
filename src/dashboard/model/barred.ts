import type { State } from "./state.js";

/** Why whoever looks may do nothing here; null where he may. Pure. */
export function barredBecause({
  person,
  connected,
  node,
}: Pick<State, "person" | "connected" | "node">): string | null {
  if (person === null) return "nobody is signed in";
  if (person.role !== "operator") return `${person.name} looks as a ${person.role}: only an operator may act`;
  return connected ? null : `the agent of ${node || "this node"} does not answer`;
}
