import type { Cluster } from "../topology/cluster.js";
import { catalogue } from "./catalogue.js";
import type { Drill } from "./drill.js";
import { vpnCatalogue } from "./vpn/vpn-catalogue.js";
import type { VpnDrill } from "./vpn/vpn-drill.js";

export type AnyDrill = Drill | VpnDrill;

/** Whether it strikes VPN servers, and not load balancers. */
export const isOfVpn = (drill: AnyDrill): drill is VpnDrill => "vpnFault" in drill;

/** Every drill there is, in the order in which `--all` runs them. */
export const everyDrill: readonly AnyDrill[] = [...catalogue, ...vpnCatalogue];

/** Those that have something to strike in this cluster. */
export const offeredTo = (cluster: Cluster): readonly AnyDrill[] => [
  ...balancerDrills(cluster),
  ...(cluster.vpn === null ? [] : vpnCatalogue),
];

/** Of those, the ones that strike load balancers. */
export const balancerDrills = (cluster: Cluster): readonly Drill[] =>
  cluster.nodes.length === 0 ? [] : catalogue.filter(({ needs }) => needs?.(cluster) ?? true);
