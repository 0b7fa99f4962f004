import type { Cluster } from "../../topology/cluster.js";
import { serversBack } from "../allowance.js";
import { controllerCrash } from "../catalogue/controller-crash.js";
import { controllerFlapping } from "../catalogue/controller-flapping.js";
import { controllerFreeze } from "../catalogue/controller-freeze.js";
import { controllerSlow } from "../catalogue/controller-slow.js";
import { controllersDead } from "../catalogue/controllers-dead.js";
import { clientNetwork, type Situation } from "../situation.js";
import type { Blow } from "./blow.js";
import { blowOf, type Priced, priced } from "./priced.js";
import { firstServers, machinesOf } from "./servers-on.js";

const drills = [controllerCrash, controllerFreeze, controllerFlapping, controllerSlow];

const claimOf = (machine: string): string => `controller on ${machine}`;

/** What can be done to servers: one fault of each at a time, for their ends are the same. */
export function serverBlows(cluster: Cluster): Blow[] {
  const all = cluster.services.flatMap(({ servers }) => servers.map(({ address }) => address));
  const recovery = serversBack(cluster);
  const words = (on: readonly string[]) =>
    ({ strikes: "server", on, recovery, claims: on.map(claimOf) }) as const;
  const everyone = struckServer(cluster, "");
  return [
    ...machinesOf(cluster, all).flatMap((machine) => {
      const situation = struckServer(cluster, machine);
      return drills.map((drill) => blowOf(priced(drill, cluster, situation), situation, words([machine])));
    }),
    // Nobody is whole then, and yet it is known for how long.
    blowOf(whileThere(priced(controllersDead, cluster, everyone)), everyone, {
      ...{ ...words([]), claims: firstServers(cluster).map(claimOf), grows: ["service"] },
    }),
  ];
}

/** The drill's promise, for a fault that may end sooner than the drill's. */
const whileThere = ({ fault, expected, lasts }: Priced): Priced => ({
  ...{ fault, lasts: 0 },
  expected: { ...expected, serviceOutageAtMost: expected.serviceOutageAtMost - lasts },
});

/** How many sessions it has then nobody knows. */
const struckServer = (cluster: Cluster, machine: string): Situation => ({
  ...{ active: "", standby: "", network: clientNetwork(cluster) },
  busiestServer: { machine, sessions: Number.POSITIVE_INFINITY },
});
