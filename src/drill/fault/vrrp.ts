import { atOnce, type Fault } from "./fault.js";

/** No advert reaches any node, on any network; all else passes, the agents' beats among it. */
export const noAdverts: Fault = {
  undoing: "adverts pass again",
  on: () => ({
    ...{ text: "adverts pass nowhere", machine: null, network: null },
    inject: atOnce(({ lab }) => lab.faults.cutVrrp()),
    undo: ({ lab }) => lab.faults.mendVrrp(),
  }),
};
