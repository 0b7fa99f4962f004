import { handover } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { SafeDrill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { outOfService } from "../fault/out-of-service.js";

export const maintenance: SafeDrill = {
  name: "maintenance",
  summary: "the active node is taken out of service",
  why: "All agents note it, and the node's own has keepalived step back: the standby waits for nothing but its skew.",
  fault: outOfService,
  expect(cluster) {
    const moved = oneMove(cluster, handover(cluster) + allowance.takeover);
    // From the request on: it is noted first, and then the node steps back.
    const sessionsBackWithin = moved.sessionsBackWithin + allowance.request;
    return telling({ ...moved, sessionsBackWithin }, "maintenance", "out of service");
  },
  watch: () => 2_000,
  deadline: 20_000,
  safe: true,
};
