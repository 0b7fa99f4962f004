import { sessionProbe } from "../src/drill/probes.js";
import { clientOn } from "../src/drill/vantage.js";
import type { Lab } from "../src/lab/lab.js";
import { until } from "../src/lab/readiness.js";

/** What became of sessions that carried data throughout. */
export interface Held {
  readonly sessions: number;
  /** How often one of them ended. */
  readonly ends: number;
  /** Numbered messages that were sent and never answered. */
  readonly messagesLost: number;
}

/** Milliseconds between two messages of a session, and until all have begun. */
const [interval, patience] = [200, 20_000];

/** Holds sessions with the service that the kernel translates (port 7000), each with five numbered messages a second. */
export async function holdSessions(
  lab: Lab,
  sessions: number,
  signal: AbortSignal,
): Promise<{ end(): Promise<Held> }> {
  const probe = await sessionProbe(lab.machine(clientOn("switches")), {
    ...{ address: "10.0.1.100", port: 7_000, greeting: "echo", interval, sessions },
  });
  const count = (event: "up" | "down"): number => probe.seen.filter((line) => line.event === event).length;
  try {
    await until("all sessions have begun", async () => count("up") >= sessions, { patience, signal });
  } catch (error) {
    await probe.stop();
    throw error;
  }
  const before = count("down");
  return {
    async end() {
      await probe.stop();
      const lost = probe.seen.map((line) => (line.event === "sums" ? line.lost : 0));
      return {
        sessions,
        ends: count("down") - before,
        messagesLost: lost.reduce((sum, each) => sum + each, 0),
      };
    },
  };
}
