import { atOnce, type Fault } from "./fault.js";
import { power } from "./power.js";

/** The active node loses its power, and nobody hears the other one's announcements. */
export const unannounced: Fault = {
  undoing: "announcements pass again, and it is switched on",
  on(situation) {
    const off = power("active").on(situation);
    return {
      ...{ text: `${off.text}, announcements pass nowhere`, machine: off.machine, network: null },
      inject: atOnce(async (stage) => {
        await stage.lab.faults.muffle();
        await off.inject(stage);
      }),
      async undo(stage) {
        await stage.lab.faults.unmuffle();
        await off.undo(stage);
      },
    };
  },
};
