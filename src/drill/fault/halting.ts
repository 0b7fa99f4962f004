import type { Rhythm } from "../../lab/halting.js";
import { atOnce, type Fault } from "./fault.js";

/** The controller that carries most sessions stands still for a while, goes on for a while, and so on. */
export const halting = ({ stands, goes }: Rhythm): Fault => ({
  undoing: "it goes on for good",
  on: ({ busiestServer: { machine } }) => ({
    ...{ text: `controller on ${machine}: ${stands} ms still, ${goes} ms not`, machine, network: null },
    inject: atOnce(({ lab }) => lab.faults.halt(machine, "controller", { stands, goes })),
    undo: ({ lab }) => lab.faults.proceed(machine, "controller"),
  }),
});
