import { allowance, silentServerNoticed } from "../allowance.js";
import type { Drill } from "../drill.js";
import { downAlarm } from "../expectation.js";
import { signal } from "../fault/signal.js";
import { aService } from "../needs.js";

export const controllerFreeze: Drill = {
  name: "controller-freeze",
  summary: "the controller that carries most sessions stands still",
  why: "Its kernel goes on taking connections: only a check that wants an answer finds out.",
  needs: aService,
  fault: signal("busiest-server", "controller", "SIGSTOP"),
  expect: (cluster, { busiestServer }) => ({
    addressOutageAtMost: allowance.noise,
    serviceOutageAtMost: silentServerNoticed(cluster) + allowance.greeting,
    ownerChanges: 0,
    twoOwnersAtMost: 0,
    sessionsLostAtMost: busiestServer.sessions,
    // A session that came just before the verdict waits in vain for a connection.
    sessionsBackWithin:
      silentServerNoticed(cluster) + allowance.connect + allowance.greeting + allowance.reconnect,
    told: [downAlarm(cluster, busiestServer.machine)],
  }),
  watch: (cluster) => silentServerNoticed(cluster) + 500,
  deadline: 30_000,
  safe: false,
};
