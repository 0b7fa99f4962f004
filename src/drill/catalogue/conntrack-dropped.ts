import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { noMove } from "../expectation.js";
import { forgetSessions } from "../fault/forget-sessions.js";

export const conntrackDropped: Drill = {
  name: "conntrack-dropped",
  summary: "the active node's connection table is emptied",
  why: "A session that is not in the table is not picked up in its midst: it would go on untranslated, or to another server. Whoever speaks next in it is answered with a reset: a switch that does connects anew at once. Where its controller does, that one is told alone, and a switch that waits for it connects anew as its patience ends.",
  fault: forgetSessions("active"),
  expect: () => ({
    ...noMove,
    sessionsLostAtMost: null,
    // One that has just begun waits for its controller's greeting, and says nothing meanwhile.
    sessionsBackWithin: allowance.patience + allowance.greeting + allowance.reconnect + allowance.lostRequest,
  }),
  watch: () => 3_000,
  deadline: 20_000,
  safe: false,
};
