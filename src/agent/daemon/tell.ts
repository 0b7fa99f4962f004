import type { Happening } from "../events/log.js";

/** Puts something that happened into the node's event log. */
export type Tell = (happening: Happening) => void;
