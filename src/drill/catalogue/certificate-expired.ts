import { expiredFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { expiry } from "../fault/expiry.js";

const within = 2_000;

export const certificateExpired: Drill = {
  name: "certificate-expired",
  summary: "the certificate of the active node's agent expires while it is used",
  why: "VRRP, HAProxy and the kernel know nothing of certificates: only what agents and operators ask of each other is refused. The agent looks as its certificate ends, and tells.",
  fault: expiry("active", within),
  expect: (_, { active }) => telling(noMove, "certificate", `the certificate of ${active} has expired`),
  watch: () => within + expiredFoundWithin + 1_000,
  deadline: 20_000,
  safe: false,
};
