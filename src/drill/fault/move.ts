import type { Fault } from "./fault.js";

/** A planned move. What is looked at before it harms nobody: it begins when the active node steps back. */
export const plannedMove: Fault = {
  undoing: "nothing is mended: either node serves as well as the other",
  on: ({ active, standby }) => ({
    ...{ text: `${active} -> ${standby}`, machine: null, network: null },
    inject: ({ move }) => move(active, standby),
    undo: async () => undefined,
  }),
};
