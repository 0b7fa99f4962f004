import type { Drill } from "../drill.js";
import { haproxyGone } from "../expectation.js";
import { signal } from "../fault/signal.js";

export const haproxyStop: Drill = {
  name: "haproxy-stop",
  summary: "HAProxy is ended on the active node",
  why: "It lets go of its sessions and ends; that nobody meant to move anything makes it no less a loss than a crash.",
  fault: signal("active", "haproxy", "SIGTERM"),
  expect: haproxyGone,
  watch: () => 1_500,
  deadline: 20_000,
  safe: false,
};
