import type { Cluster } from "../topology/cluster.js";
import { type AnyDrill, isOfVpn } from "./offered.js";
import { simulate, simulationTable } from "./simulate.js";
import type { VpnFault } from "./vpn/vpn-drill.js";

/** A drill in words: what it breaks, why no more is noticed, and how it is mended. @param cluster whose times are told; null for none */
export function explained(drill: AnyDrill, cluster: Cluster | null): string {
  const { name, summary, why, deadline } = drill;
  const lasts = isOfVpn(drill) ? undefined : drill.lasts;
  const undone = isOfVpn(drill) ? vpnUndoing(drill.vpnFault) : drill.fault.undoing;
  return [
    `${name}: ${summary}.`,
    "",
    why,
    `${lasts === undefined ? "Then" : `After ${lasts / 1_000} s`} ${undone}. Where not all is well ${deadline / 1_000} s after the fault, the drill has failed.`,
    ...(cluster === null ? [] : ["", `What may be noticed in ${cluster.name}, at most:`]),
    ...(cluster === null ? [] : [simulationTable(simulate([drill], cluster))]),
  ].join("\n");
}

function vpnUndoing({ kind }: VpnFault): string {
  switch (kind) {
    case "power":
      return "it is switched on again";
    case "cut":
    case "heal":
      return "everything passes between them";
    case "lie":
      return "it announces what it may again";
    case "roam":
      return "nothing is mended: a client is as well off on one server as on the other";
  }
}
