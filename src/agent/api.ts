import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";

/** What the agent does for those who ask. */
export interface Served {
  state(): unknown;
  /** Steps back for a planned move; null when it does, else why it does not. */
  yieldFor(milliseconds: number): string | null;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The longest planned absence that is granted: whoever asked and died must not leave the cluster with one node less. */
const longestAbsence = 60_000;

/** Serves `GET /v1/state` and `POST /v1/peer/yield` on a Unix socket of mode 0600: whoever may open it is root already. */
export function serve(path: string, served: Served): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(served, `${request.method} ${request.url}`, () => json(request));
    response.writeHead(status, { "content-type": "application/json" });
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

async function answer(served: Served, question: string, body: () => Promise<unknown>): Promise<Answer> {
  if (question === "GET /v1/state") return { status: 200, body: served.state() };
  if (question !== "POST /v1/peer/yield")
    return { status: 404, body: { error: "there are GET /v1/state and POST /v1/peer/yield" } };
  const asked = await body().catch(() => null);
  const milliseconds =
    typeof asked === "object" && asked !== null && "milliseconds" in asked ? asked.milliseconds : null;
  if (typeof milliseconds !== "number" || !(milliseconds > 0 && milliseconds <= longestAbsence))
    return { status: 400, body: { error: `milliseconds: a number up to ${longestAbsence}` } };
  const refusal = served.yieldFor(milliseconds);
  return refusal === null ? { status: 200, body: { done: true } } : { status: 409, body: { error: refusal } };
}
