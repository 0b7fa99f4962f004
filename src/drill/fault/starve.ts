import type { LabProcess } from "../../lab/lab.js";
import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";
import { bindTo, lastOf, processorsOf } from "./processors.js";

export interface Starvation {
  readonly processes: number;
  readonly seconds: number;
}

/**
 * Programs like any other take all the time that the processors have. Those of a lab are everybody's: meanwhile the node has
 * one of them, so that nobody else is starved.
 */
export const starve = (role: NodeRole, { processes, seconds }: Starvation): Fault => ({
  undoing: "the busy programs are ended, unless they have ended by themselves",
  on({ [role]: machine }) {
    const busy: LabProcess[] = [];
    const complaints: string[] = [];
    let before: string | null = null;
    const begin = (loop: LabProcess): void => {
      busy.push(loop);
      const end = ({ stderr }: { readonly stderr: string }) => {
        if (stderr !== "") complaints.push(stderr.trim());
      };
      void loop.ended.then(end, (error) => complaints.push(String(error)));
    };
    return {
      ...{ text: `${processes} busy loops on ${machine} for ${seconds} s`, machine, network: null },
      inject: atOnce(async ({ lab }) => {
        const struck = lab.machine(machine);
        before = await processorsOf(struck);
        const one = lastOf(before);
        await bindTo(struck, one);
        // It ends by itself whoever forgets it.
        const loop = ["taskset", "-c", one, "perl", "-e", "alarm shift; 1 while 1", String(seconds)];
        for (let each = 0; each < processes; each += 1) begin(await struck.spawn(loop));
      }),
      // Its alarm says nothing, and neither does whoever ends it.
      missed: async () => (complaints.length === 0 ? null : `a busy loop ended: ${complaints.join(", ")}`),
      async undo({ lab }) {
        await Promise.all(busy.splice(0).map((each) => each.stop("SIGKILL")));
        if (before !== null) await bindTo(lab.machine(machine), before);
        before = null;
      },
    };
  },
});
