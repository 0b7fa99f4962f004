import type { Draft } from "./draft.js";

/** The networks on which the nodes talk to each other, preferred first; empty where there is no network at all. */
export function syncNetworks({ spec, networks }: Pick<Draft, "spec" | "networks">): readonly string[] {
  if (spec.sync.networks !== undefined) return spec.sync.networks;
  const fallback = networks.has("management") ? "management" : [...networks.keys()].at(-1);
  return fallback === undefined ? [] : [fallback];
}
