import type { Lab } from "../../lab/lab.js";
import { virtualIpsOn } from "../../topology/select.js";
import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";

/** Nothing passes between a node and the networks without virtual IPs, on which agents and operators talk; its carrier is up. */
export const managementPath = (role: NodeRole): Fault => ({
  undoing: "everything passes again",
  on({ [role]: machine }) {
    return {
      ...{ text: `${machine} is cut off where no virtual IPs are`, machine, network: null },
      inject: atOnce(async ({ lab }) => {
        for (const network of linksWithout(lab, machine)) await lab.faults.pathDead(machine, network);
      }),
      async undo({ lab }) {
        for (const network of linksWithout(lab, machine)) await lab.faults.pathAlive(machine, network);
      },
    };
  },
});

/** The machine's links to networks without virtual IPs. */
const linksWithout = ({ cluster, machine }: Lab, name: string): string[] =>
  cluster.networks
    .map((network) => network.name)
    .filter((network) => network in machine(name).addresses && virtualIpsOn(cluster, network).length === 0);
