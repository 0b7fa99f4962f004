import type { AskedFault } from "./fault.js";

/** A planned move. What is looked at before it harms nobody: it begins when the active node steps back. */
export const plannedMove: AskedFault = {
  undoing:
    "nothing is mended in a lab: either node serves as well as the other; on real nodes the virtual IPs are moved back",
  on: ({ active, standby }) => ({
    ...{ text: `${active} -> ${standby}`, machine: null, network: null },
    inject: async ({ move }) => (await move(active, standby)).at,
    undo: async () => undefined,
  }),
};
