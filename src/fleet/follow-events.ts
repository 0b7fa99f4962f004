import { setTimeout as sleep } from "node:timers/promises";
import type { Event } from "../api/event.js";
import type { AgentClient } from "./client.js";
import { UnreachableError } from "./client-errors.js";

/** Milliseconds before an agent that went away is asked again. */
const askAgain = 1_000;

/** An agent's events after `last`, each once, also over its restarts; ends with the signal. */
export async function* followEvents(
  client: AgentClient,
  last: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  let after = last;
  while (!signal.aborted) {
    try {
      const query = after === undefined ? {} : { after };
      for await (const event of client.events("follow", { query }, signal)) {
        after = event.sequence;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof UnreachableError)) throw error;
    }
    await sleep(askAgain, undefined, { signal }).catch(() => undefined);
  }
}
