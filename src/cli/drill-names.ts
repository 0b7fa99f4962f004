import type { AnyDrill } from "../drill/offered.js";
import type { Cluster } from "../topology/cluster.js";
import { UserError } from "./context.js";

/** Throws where there is no drill of a name. */
export function refuseUnknown(every: readonly AnyDrill[], names: readonly string[]): void {
  const known = every.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UserError(`there is no drill ${unknown.join(", ")}; there are ${known.join(", ")}`);
}

/** The drills that are named, of those that the cluster can have. */
export function choose(
  offered: readonly AnyDrill[],
  { name: cluster, nodes }: Cluster,
  names: readonly string[],
  all: boolean,
): readonly AnyDrill[] {
  const lacking = names.filter((name) => offered.every((drill) => drill.name !== name));
  if (lacking.length > 0) {
    const what = nodes.length === 0 ? "load balancers" : "VPN servers";
    throw new UserError(
      `${lacking.join(", ")} would strike ${what}, of which cluster ${cluster} has none; it has ${offered.map(({ name }) => name).join(", ")}`,
    );
  }
  if (all) return offered;
  if (names.length === 0) throw new UserError("name a drill (see 'holdfast drill list') or say --all");
  return names.flatMap((name) => offered.find((drill) => drill.name === name) ?? []);
}
