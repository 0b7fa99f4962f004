import { allowance, silentServerNoticed } from "../allowance.js";
import type { Drill } from "../drill.js";
import { noMove } from "../expectation.js";
import { halting } from "../fault/halting.js";
import { aService } from "../needs.js";

const lasts = 10_000;

export const controllerFlapping: Drill = {
  name: "controller-flapping",
  summary: "the controller that carries most sessions stands still for 2 s, goes on for 1 s, and so on",
  why: "It fails some checks and passes others, so that it may be called down or not: the virtual IPs have nothing to do with it, and the sessions of other controllers do not either.",
  needs: aService,
  fault: halting({ stands: 2_000, goes: 1_000 }),
  lasts,
  expect: (cluster, { busiestServer }) => ({
    ...noMove,
    serviceOutageAtMost: silentServerNoticed(cluster) + allowance.greeting,
    sessionsLostAtMost: busiestServer.sessions,
    // It may be called down as late as at its last stop.
    sessionsBackWithin:
      lasts + silentServerNoticed(cluster) + allowance.connect + allowance.greeting + allowance.reconnect,
  }),
  watch: (cluster) => silentServerNoticed(cluster) + 500,
  deadline: 45_000,
  safe: false,
};
