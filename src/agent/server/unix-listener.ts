import { rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { httpTiming } from "./http-timing.js";

/** Serves plain HTTP on a Unix socket of mode 0600: whoever may open it is root already. Rejects where it cannot. */
export function listenOnUnix(path: string, listener: RequestListener): Promise<Server> {
  const server = createServer(httpTiming, listener);
  // An asker may close its half behind its request (host/ask.ts) and still wait for the answer.
  Object.assign(server, { httpAllowHalfOpen: true });
  // A socket that a killed agent left behind would refuse the name (unix(7)).
  rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // The socket is made within listen(): its mode is right from its first moment.
    const before = process.umask(0o177);
    server.listen(path, () => resolve(server));
    process.umask(before);
  });
}
