import { atOnce, type Fault } from "./fault.js";

/** Nothing passes between the two nodes, on any network; each still reaches everybody else, and is reached. */
export const partition: Fault = {
  undoing: "the nodes reach each other again",
  on: ({ active, standby }) => ({
    ...{ text: `${active} and ${standby} apart`, machine: null, network: null },
    inject: atOnce(({ lab }) => lab.faults.partition([active, standby])),
    undo: ({ lab }) => lab.faults.unite([active, standby]),
  }),
};
