import type { NodeState } from "../observe/state.js";

/** What faults left behind although every one was undone: sentences. A calm cluster has none. */
export function leftBehind(states: readonly NodeState[]): string[] {
  const digests = new Set(states.map(({ generation }) => generation?.digest));
  return [
    ...(digests.size > 1 ? ["the nodes run different generations"] : []),
    ...states.flatMap(({ name, role, owned, rules, drifts, yielding }) => [
      ...(role !== "active" && owned.length > 0 ? [`${name} has ${owned.join(", ")} and is not active`] : []),
      ...rules.missing.map((rule) => `${name} lacks a rule: ${rule}`),
      ...rules.unexpected.map((rule) => `${name} has a rule that is nobody's: ${rule}`),
      ...drifts.map((drift) => `${name}: ${drift}`),
      ...(yielding && role === "active" ? [`${name} is active and asked to yield`] : []),
    ]),
  ];
}
