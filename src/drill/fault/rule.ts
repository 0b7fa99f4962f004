import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";
import { runOn } from "./on-machine.js";

export interface ChainName {
  readonly table: "filter" | "nat" | "mangle";
  readonly chain: string;
}

const iptables = ({ table }: ChainName, ...argv: readonly string[]) => [
  "iptables",
  "-w",
  "-t",
  table,
  ...argv,
];

/** Somebody appends a rule to a chain of ours. */
export const foreignRule = (role: NodeRole, where: ChainName, rule: readonly string[]): Fault => ({
  undoing: "the rule is taken away",
  on({ [role]: machine }) {
    const { chain } = where;
    return {
      ...{ text: `a foreign rule in ${chain} on ${machine}`, machine, network: null },
      inject: atOnce(async ({ lab }) => {
        await runOn(lab.machine(machine), iptables(where, "-A", chain, ...rule));
      }),
      // The agent may have taken it away by then.
      undo: async ({ lab }) => void (await lab.machine(machine).exec(iptables(where, "-D", chain, ...rule))),
    };
  },
});

/** Somebody deletes the first rule of a chain of ours. */
export const deletedRule = (role: NodeRole, where: ChainName): Fault => ({
  undoing: "the rule is put back in its place",
  on({ [role]: machine }) {
    const { chain } = where;
    let rule: readonly string[] | null = null;
    return {
      ...{ text: `the first rule of ${chain} on ${machine} deleted`, machine, network: null },
      inject: atOnce(async ({ lab }) => {
        const listed = await runOn(lab.machine(machine), iptables(where, "-S", chain, "1"));
        rule = listed.trim().split(" ").slice(2);
        await runOn(lab.machine(machine), iptables(where, "-D", chain, "1"));
      }),
      async undo({ lab }) {
        if (rule === null) return;
        // The agent may have put it back by then.
        const { exitCode } = await lab.machine(machine).exec(iptables(where, "-C", chain, ...rule));
        if (exitCode !== 0) await runOn(lab.machine(machine), iptables(where, "-I", chain, "1", ...rule));
      },
    };
  },
});
