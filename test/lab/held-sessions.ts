import { setTimeout as sleep } from "node:timers/promises";
import { sessionProbe } from "../../src/drill/probes.js";
import { measureSessions } from "../../src/drill/sessions.js";
import type { Lab } from "../../src/lab/lab.js";
import { until } from "./agent-rig.js";

/** So many at a time, with the `nat` service of the tests' topologies. */
export const held = 100;

/** What they say when none of them ended and no message was lost. */
export const whole = { lost: 0, messagesLost: 0, held };

/** Sessions with the `nat` service, each with a numbered message every `interval` milliseconds. */
export async function sessions(lab: Lab, interval = 200) {
  const probe = await sessionProbe(lab.machine("client-switches"), {
    ...{ address: "10.0.1.100", port: 7000, greeting: "echo", interval, sessions: held },
  });
  const begun = Date.now();
  await until("all sessions are up", () => probe.seen.filter(({ event }) => event === "up").length >= held);
  // Established long enough for every event to have been sent.
  await sleep(1_000);
  return {
    async end() {
      await sleep(2_000);
      await probe.stop();
      const { lost, messagesLost, held } = measureSessions(probe.seen, begun);
      return { lost, messagesLost, held };
    },
  };
}
