import type { ServerResponse } from "node:http";

/** Aborted once whoever asked is gone, or has its answer. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return gone.signal;
}
