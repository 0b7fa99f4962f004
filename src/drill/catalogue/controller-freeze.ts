import { allowance, serverNoticed } from "../allowance.js";
import type { Drill } from "../drill.js";

export const controllerFreeze: Drill = {
  name: "controller-freeze",
  summary: "the controller that carries most sessions stands still",
  why: "Its kernel goes on taking connections: only a check that wants an answer finds out.",
  fault: { kind: "signal", on: "busiest-server", daemon: "controller", signal: "SIGSTOP" },
  expect: (cluster, { busiestServer }) => ({
    addressOutageAtMost: allowance.noise,
    serviceOutageAtMost: serverNoticed(cluster) + allowance.greeting,
    ownerChanges: 0,
    twoOwnersAtMost: 0,
    sessionsLostAtMost: busiestServer.sessions,
    sessionsBackWithin: serverNoticed(cluster) + allowance.greeting + allowance.reconnect,
  }),
  watch: (cluster) => serverNoticed(cluster) + 500,
  deadline: 30_000,
  safe: false,
};
