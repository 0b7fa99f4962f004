import type { IncomingMessage } from "node:http";

/** The whole of an answer. Rejects beyond `largest` bytes: whoever sends that is not an agent as we know it. */
export async function textOf(response: IncomingMessage, largest: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) {
      response.destroy();
      throw new Error(`its answer has more than ${largest} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The text of a stream as it comes; it is cut off once nothing came for `silence` milliseconds. */
export async function* withoutSilence(response: IncomingMessage, silence: number): AsyncGenerator<string> {
  response.setEncoding("utf8");
  const timer = setTimeout(
    () => response.destroy(new Error(`nothing came for ${silence / 1_000} s`)),
    silence,
  );
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      timer.refresh();
      yield chunk;
    }
  } finally {
    clearTimeout(timer);
  }
}
