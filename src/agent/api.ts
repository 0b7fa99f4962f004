import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";

/**
 * Serves `GET /v1/state` on a Unix socket of mode 0600: whoever may open it is root already.
 *
 * @param state called for each request
 */
export function serveState(path: string, state: () => unknown): Promise<Server> {
  const server = createServer((request, response) => {
    const known = request.method === "GET" && request.url === "/v1/state";
    const body = known ? state() : { error: "there is only GET /v1/state" };
    response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
    response.end(`${JSON.stringify(body)}\n`);
  });
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
