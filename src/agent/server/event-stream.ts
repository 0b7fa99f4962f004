import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Sent } from "../../api/call.js";

export interface StreamTiming {
  /** Milliseconds between comments on a quiet stream. */
  readonly heartbeat: number;
  /** Milliseconds after which a reader that takes nothing is dropped. */
  readonly stall: number;
}

/** Readers and proxies give a silent connection up after half a minute or more. */
export const streamTiming: StreamTiming = { heartbeat: 15_000, stall: 10_000 };

/**
 * Sends `events` as server-sent events (HTML Living Standard, 9.2) until they end or the reader goes. Nothing is read
 * ahead of the reader: what waits for it is one event more than the socket's buffer (16 KiB), and a reader that takes
 * nothing for `stall` milliseconds is dropped. `alive` is asked at every heartbeat: false ends the stream.
 * Rejects when the events do; the stream is then cut off, not ended.
 */
export async function sendEvents(
  response: ServerResponse,
  events: AsyncIterable<Sent<unknown>>,
  { alive, gone }: { readonly alive: () => boolean; readonly gone: AbortSignal },
  { heartbeat, stall }: StreamTiming,
): Promise<void> {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
  });
  response.flushHeaders();
  const beat = setInterval(() => {
    if (!alive()) response.destroy();
    else if (!response.writableNeedDrain) response.write(": alive\n\n");
  }, heartbeat);
  try {
    for await (const { id, data } of events) {
      if (gone.aborted) return;
      const room = response.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
      if (!room && !(await drained(response, gone, stall))) return;
    }
    response.end();
  } finally {
    clearInterval(beat);
    // The head is sent: the only way left to say that it did not end well is not to end it.
    if (!response.writableEnded) response.destroy();
  }
}

const drained = (response: ServerResponse, gone: AbortSignal, stall: number): Promise<boolean> =>
  once(response, "drain", { signal: AbortSignal.any([gone, AbortSignal.timeout(stall)]) }).then(
    () => true,
    () => false,
  );
