import type { LabProcess } from "../../lab/lab.js";
import { program } from "../../lab/program.js";
import { virtualIpsOn } from "../../topology/select.js";
import { clientOn } from "../vantage.js";
import { atOnce, type Fault } from "./fault.js";

/** RFC 9568, 5.1.1.2. */
const everyRouter = "224.0.0.18";

/** A machine among the switches sends adverts with the number of their network's virtual router, to the nodes as to all. */
export const stranger = (priority: number): Fault => ({
  undoing: "it is silent again",
  on({ network }) {
    const running: LabProcess[] = [];
    const machine = clientOn(network);
    return {
      ...{ text: `${machine} sends adverts of priority ${priority} on ${network}`, machine, network },
      inject: atOnce(async ({ lab: { cluster, machine: named } }) => {
        const v4 = (addresses: readonly string[] = []) => addresses.filter((each) => !each.includes(":"));
        const [source] = v4(named(machine).addresses[network]);
        const virtualRouterId = cluster.networks.find(({ name }) => name === network)?.virtualRouterId;
        const [address] = v4(
          virtualIpsOn(cluster, network).flatMap((ip) => ip.addresses.map((each) => each.address)),
        );
        if (source === undefined || address === undefined || virtualRouterId === undefined)
          throw new Error(`${network} has no virtual router of IPv4 that a stranger could claim`);
        const nodes = cluster.nodes.flatMap(({ name }) => v4(named(name).addresses[network]));
        const numbers = [virtualRouterId, priority].map(String);
        const argv = ["/usr/bin/python3", "-B", program.advertiser, source, ...numbers, address];
        running.push(await named(machine).spawn([...argv, everyRouter, ...nodes]));
      }),
      undo: async () => void (await Promise.all(running.splice(0).map((each) => each.stop()))),
    };
  },
});
