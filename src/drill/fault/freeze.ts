import type { Cluster } from "../../topology/cluster.js";
import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";
import { runOn } from "./on-machine.js";

/** kill(2), pid -1: every process of the machine but its first and the one that asks. */
const [stop, goOn] = ["kill STOP => -1", "kill CONT => -1"];

/**
 * Every process of a node stands still, and goes on after a while: a virtual machine whose host has no time for it, a disk
 * that does not answer. Its kernel goes on answering for its addresses.
 *
 * @param lasts milliseconds
 */
export const freeze = (role: NodeRole, lasts: (cluster: Cluster) => number): Fault => ({
  undoing: "its processes are let go on, if they have not gone on by themselves",
  on({ [role]: machine }) {
    return {
      ...{ text: `every process of ${machine} stopped, and let go on`, machine, network: null },
      inject: atOnce(async ({ lab }) => {
        const seconds = String(lasts(lab.cluster) / 1_000);
        // It lets them go on by itself, whoever forgets it.
        const program = `${stop}; select undef, undef, undef, shift; ${goOn}`;
        await lab.machine(machine).spawn(["perl", "-e", program, seconds]);
      }),
      undo: async ({ lab }) => void (await runOn(lab.machine(machine), ["perl", "-e", goOn])),
    };
  },
});
