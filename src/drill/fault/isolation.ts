import type { LabFaults } from "../../lab/lab.js";
import type { NodeRole } from "../situation.js";
import { atOnce, type Fault, type Stage } from "./fault.js";

/** Nothing passes between a node and anybody else, on any network, yet every carrier is up. */
export const isolation = (role: NodeRole): Fault => ({
  undoing: "everything passes again",
  on({ [role]: machine }) {
    const everywhere = ({ lab }: Stage, act: LabFaults["pathDead"]): Promise<unknown> =>
      Promise.all(Object.keys(lab.machine(machine).addresses).map((network) => act(machine, network)));
    return {
      ...{ text: `${machine} is cut off from everybody`, machine, network: null },
      inject: atOnce(async (stage) => void (await everywhere(stage, stage.lab.faults.pathDead))),
      undo: async (stage) => void (await everywhere(stage, stage.lab.faults.pathAlive)),
    };
  },
});
