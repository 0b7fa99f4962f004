import type { Drill } from "../drill.js";
import { haproxyGone } from "../expectation.js";
import { signal } from "../fault/signal.js";

export const haproxyCrash: Drill = {
  name: "haproxy-crash",
  summary: "HAProxy dies on the active node",
  why: "The agent sees HAProxy's socket close and has keepalived say goodbye, so that only the skew is waited. Where HAProxy only checks the servers of nat services, sessions pass without it.",
  fault: signal("active", "haproxy", "SIGKILL"),
  expect: haproxyGone,
  watch: () => 1_500,
  deadline: 20_000,
  safe: false,
};
