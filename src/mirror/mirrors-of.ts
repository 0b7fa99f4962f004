import type { Cluster } from "../topology/cluster.js";
import { entrancesOf, virtualIpNamed } from "../topology/select.js";
import type { Endpoint } from "./capture/filter.js";
import type { MasterPlace } from "./switch/master-place.js";

/** What is copied of one service, and whereto. */
export interface MirrorTask {
  readonly service: string;
  readonly endpoints: readonly Endpoint[];
  readonly place: MasterPlace;
  /** A session outlives the node that carried it: `nat` alone. */
  readonly outlives: boolean;
}

/** The services that are mirrored beside their path. What an older program wrote knows none. */
export const mirrorsOf = (cluster: Cluster): MirrorTask[] =>
  cluster.services.flatMap((service) => {
    if (!service.mirror || service.mirror.via === "inline") return [];
    const { to, queue } = service.mirror;
    // What is captured beside the path cannot be changed.
    const writes = service.mirror.writes === "drop" ? "drop" : "error";
    return {
      service: service.name,
      endpoints: entrancesOf(cluster, service).map(({ family, address, port }) => ({
        family,
        address,
        port,
      })),
      place: { address: to.address, port: to.port, writes, queue },
      outlives: service.mode === "nat",
    };
  });

/** The services whose mirror is in the path of their sessions. */
export const inlineOf = (cluster: Cluster): string[] =>
  cluster.services.flatMap(({ name, mirror }) => (mirror?.via === "inline" ? [name] : []));

/** The network whose owner the switches of a service speak to. */
export const networkOf = (cluster: Cluster, name: string): string | null => {
  const service = cluster.services.find((each) => each.name === name);
  return service ? virtualIpNamed(cluster, service.listen.virtualIp).network : null;
};
