import { atOnce, type Fault } from "./fault.js";

/** Somebody applies a change, whatever else is broken meanwhile: all nodes take it, or it is refused. */
export const change: Fault = {
  undoing: "it is waited for the end of it; the topology is applied as it was once all nodes are there again",
  on() {
    let applying: Promise<unknown> = Promise.resolve();
    return {
      ...{ text: "a change is applied", machine: null, network: null },
      inject: atOnce(async (stage) => {
        // That it was refused is as good an end as that it was kept: what counts is what the nodes run then.
        applying = stage.change().catch(() => null);
      }),
      undo: async () => void (await applying),
    };
  },
};
