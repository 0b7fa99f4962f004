import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { noMove } from "../expectation.js";
import { halting } from "../fault/halting.js";
import { aService } from "../needs.js";

const rhythm = { stands: 100, goes: 100 };

export const controllerSlow: Drill = {
  name: "controller-slow",
  summary: "the controller that carries most sessions has half of its time, a tenth of a second at a time",
  why: "It answers each check well within its second: what is slow is not dead, and keeps its sessions.",
  needs: aService,
  fault: halting(rhythm),
  lasts: 6_000,
  // Who asks waits for it to go on, and for what came before.
  expect: () => ({ ...noMove, serviceOutageAtMost: 5 * rhythm.stands + allowance.greeting }),
  watch: () => 1_500,
  deadline: 30_000,
  safe: false,
};
