import { hardStopAfter } from "../../render/haproxy.js";
import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { carriesSessions, noMove } from "../expectation.js";
import { reload } from "../fault/reload.js";

const oldWorkerEnds = hardStopAfter * 1_000;

export const haproxyReload: Drill = {
  name: "haproxy-reload",
  summary: "HAProxy reads its configuration again on the active node",
  why: "A new worker takes the sockets over, so that no new session waits. The old one keeps its sessions for 10 s and ends them then: each is back at once. Where HAProxy only checks servers, nothing ends.",
  fault: reload("active", "haproxy"),
  expect: (cluster) =>
    carriesSessions(cluster)
      ? {
          ...noMove,
          sessionsLostAtMost: null,
          sessionsBackWithin: oldWorkerEnds + allowance.reload + allowance.greeting + allowance.reconnect,
        }
      : noMove,
  watch: () => oldWorkerEnds + 1_500,
  deadline: oldWorkerEnds + 15_000,
  safe: false,
};
