import { type AskedFault, atOnce, type Requests } from "./fault.js";

/** The active node is taken out of service, as for work on it. */
export const outOfService: AskedFault = {
  undoing: "it is put back into service; on real nodes the virtual IPs are moved back to it then",
  on: ({ active }) => ({
    ...{ text: `${active} out of service`, machine: active, network: null },
    inject: atOnce<Requests>(({ maintain }) => maintain(active, true)),
    undo: ({ maintain }) => maintain(active, false),
  }),
};
