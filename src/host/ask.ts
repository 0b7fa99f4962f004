import { connect } from "node:net";

/** sun_path holds 108 bytes with its final NUL (unix(7)); Node would cut a longer one without a word. */
const longestPath = 107;

/**
 * Sends `request` to the Unix stream socket at `path` and returns all it answers until it closes.
 * Our half is closed behind the request: HAProxy's master answers only then (2.6.12).
 */
export function ask(path: string, request: string, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    if (Buffer.byteLength(path) > longestPath) {
      reject(new Error(`${path}: a Unix socket's path has at most ${longestPath} bytes`));
      return;
    }
    const chunks: Buffer[] = [];
    const socket = connect(path, () => socket.end(request));
    const timer = setTimeout(
      () => socket.destroy(new Error(`${path}: no answer within ${timeout} ms`)),
      timeout,
    );
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString("utf8"));
    });
  });
}
