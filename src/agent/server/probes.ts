import { ApiError } from "../../api/api-error.js";
import type { Handlers } from "./handlers.js";

/** Whether a node could serve now, and in one clause why not. */
export interface Readiness {
  readonly ready: boolean;
  readonly why: string;
}

/** The two questions of whoever probes from outside: does the agent run, and could its node serve? */
export const probeHandlers = (readiness: () => Readiness): Pick<Handlers, "health" | "ready"> => ({
  health: () => "the agent runs\n",
  ready: () => {
    const { ready, why } = readiness();
    if (!ready) throw new ApiError(503, why);
    return "ready\n";
  },
});
