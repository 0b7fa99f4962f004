import { handover } from "../../topology/timing.js";
import { allowance, frozenFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { carriesSessions, noMove, oneMove, telling } from "../expectation.js";
import { signal } from "../fault/signal.js";

export const haproxyFreeze: Drill = {
  name: "haproxy-freeze",
  summary: "HAProxy stands still on the active node",
  why: "Its sockets stay open, and nothing answers: the agent asks once a second, and waits 300 ms for an answer.",
  fault: signal("active", "haproxy", "SIGSTOP"),
  expect(cluster) {
    if (!carriesSessions(cluster)) return telling(noMove, "server", "nobody checks the servers");
    const moved = oneMove(cluster, handover(cluster) + frozenFoundWithin + allowance.takeover);
    // The address answers all the time: it is the kernel's.
    return telling(
      { ...moved, addressOutageAtMost: handover(cluster) + allowance.notice + allowance.takeover },
      "fault",
      "haproxy-gone raised",
    );
  },
  watch: () => frozenFoundWithin + 1_500,
  deadline: 20_000,
  safe: false,
};
