import type { Drill } from "../drill.js";
import { noMove } from "../expectation.js";
import { synFlood } from "../fault/syn-flood.js";
import { aService } from "../needs.js";

const seconds = 5;

export const synFloodDrill: Drill = {
  name: "syn-flood",
  summary: "a flood of connections that are begun and never finished strikes the first service",
  why: "The kernel answers beginnings without keeping them once its queue is full (SYN cookies), and an entry of a translated one is small: whoever finishes a connection gets one.",
  needs: aService,
  fault: synFlood({ packets: 500, seconds }),
  expect: () => noMove,
  watch: () => seconds * 1_000 + 500,
  deadline: 20_000,
  safe: false,
};
