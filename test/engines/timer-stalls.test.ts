import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { recordJitter } from "../../bench/jitter.js";
import { argvOf, descendantsOf, send } from "../../src/lab/processes.js";

describe("the watch of the timers", () => {
  it("sees, on every processor and at both priorities, what stands still", async () => {
    const jitter = await recordJitter();
    try {
      await sleep(200);
      const sleepers = descendantsOf(process.pid).filter((pid) =>
        argvOf(pid).some((part) => part.endsWith("/timer_stalls.py")),
      );
      const from = Date.now();
      for (const pid of sleepers) send(pid, "SIGSTOP");
      await sleep(300);
      for (const pid of sleepers) send(pid, "SIGCONT");
      const to = Date.now();
      await sleep(100);
      const { ordinary, realTime } = jitter.between(from, to);
      expect(Math.min(ordinary, realTime)).toBeGreaterThan(250);
      expect(jitter.between(0, from - 10_000)).toEqual({ ordinary: 0, realTime: 0 });
    } finally {
      await jitter.stop();
    }
  });
});
