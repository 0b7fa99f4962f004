import type { Cluster } from "./cluster.js";
import { draftOf } from "./draft.js";
import { parseTopology } from "./parse.js";
import { resolve } from "./resolve.js";
import { rules } from "./rules.js";

/**
 * Where the nodes of a topology are that has mistakes elsewhere: a cluster of the same name, networks and nodes, and
 * nothing more. Null where it does not even say that.
 */
export function whereabouts(text: string): Cluster | null {
  const { topology } = parseTopology(text);
  if (topology === null) return null;
  const { spec, isWhole } = topology;
  // The name that the remainder has instead of a wrong one.
  if (!isWhole && spec.cluster === "unnamed") return null;
  const draft = draftOf({
    ...spec,
    ...{ routes: [], virtual_ips: [], services: [], lab: { hosts: [] } },
    nat: { ...spec.nat, source: [], destination: [] },
  });
  const broken = rules.some(({ severity, check }) => severity === "error" && check(draft).length > 0);
  return broken ? null : resolve(draft);
}
