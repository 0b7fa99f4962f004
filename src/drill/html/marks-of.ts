import type { Timeline } from "../timeline.js";
import type { Marks } from "./topology-measures.js";

/** Who is struck, and who owned the virtual IPs as it began. */
export const marksOf = ({ faults, owners }: Timeline): Marks => ({
  struck: faults.map(({ machine, network }) => ({ machine, network })),
  active: owners.filter(({ from }) => from <= 0).at(-1)?.node ?? null,
});
