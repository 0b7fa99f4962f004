import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";

/** The certificate of a node's agent ends while it is used, so many milliseconds from now. */
export const expiry = (role: NodeRole, within: number): Fault => ({
  undoing: "the agent has a good certificate again",
  on({ [role]: machine }) {
    return {
      ...{ text: `the certificate of ${machine} expires in ${within / 1_000} s`, machine, network: null },
      inject: atOnce(({ lab }) => lab.faults.expire(machine, within)),
      undo: ({ lab }) => lab.faults.certify(machine),
    };
  },
});
