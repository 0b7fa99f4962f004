import { allowance, deadServerNoticed } from "../allowance.js";
import type { Drill } from "../drill.js";
import { downAlarm } from "../expectation.js";
import { signal } from "../fault/signal.js";
import { aService } from "../needs.js";

export const controllerCrash: Drill = {
  name: "controller-crash",
  summary: "the controller that carries most sessions dies",
  why: "Which controller serves is no business of the virtual IPs: they stay, and only that controller's sessions move.",
  needs: aService,
  fault: signal("busiest-server", "controller", "SIGKILL"),
  expect: (cluster, { busiestServer }) => ({
    addressOutageAtMost: allowance.noise,
    serviceOutageAtMost: deadServerNoticed(cluster) + allowance.greeting,
    ownerChanges: 0,
    twoOwnersAtMost: 0,
    sessionsLostAtMost: busiestServer.sessions,
    sessionsBackWithin: deadServerNoticed(cluster) + allowance.greeting + allowance.reconnect,
    told: [downAlarm(cluster, busiestServer.machine)],
  }),
  watch: (cluster) => deadServerNoticed(cluster) + 500,
  deadline: 30_000,
  safe: false,
};
