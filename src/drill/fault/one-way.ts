import type { Lab } from "../../lab/lab.js";
import { vrrpNetworks } from "../../topology/select.js";
import type { NodeRole } from "../situation.js";
import { atOnce, type Fault } from "./fault.js";

/** Nothing of what a node sends arrives on the first service's network; it hears all. */
export const mute = (role: NodeRole): Fault => ({
  undoing: "what it sends arrives again",
  on({ [role]: machine, network }) {
    return {
      ...{ text: `${machine} is not heard on ${network}`, machine, network },
      inject: atOnce(({ lab }) => lab.faults.mute(machine, [network])),
      undo: ({ lab }) => lab.faults.unmute(machine, [network]),
    };
  },
});

/** The same on every network with virtual IPs. */
export const muteEverywhere = (role: NodeRole): Fault => ({
  undoing: "what it sends arrives again",
  on({ [role]: machine }) {
    return {
      ...{ text: `${machine} is not heard where virtual IPs are`, machine, network: null },
      inject: atOnce(({ lab }) => lab.faults.mute(machine, virtual(lab))),
      undo: ({ lab }) => lab.faults.unmute(machine, virtual(lab)),
    };
  },
});

/** Nothing of the first service's network arrives at a node; what it sends arrives. */
export const deaf = (role: NodeRole): Fault => ({
  undoing: "it hears again",
  on({ [role]: machine, network }) {
    return {
      ...{ text: `${machine} hears nothing of ${network}`, machine, network },
      inject: atOnce(({ lab }) => lab.faults.deafen(machine, [network])),
      undo: ({ lab }) => lab.faults.undeafen(machine, [network]),
    };
  },
});

const virtual = ({ cluster }: Lab): string[] => vrrpNetworks(cluster).map(({ name }) => name);
