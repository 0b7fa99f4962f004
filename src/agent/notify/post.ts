import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** What became of a message: `again` is worth another attempt, `refused` is not. */
export type Answer =
  | { readonly kind: "taken" }
  | { readonly kind: "again" | "refused"; readonly why: string };

/** Milliseconds from the first byte to the answer's status. */
const patience = 5_000;

/** Statuses that say "later" (RFC 9110, 15.5 and 15.6; RFC 6585, 4; RFC 8470, 5.2). */
const later = new Set([408, 425, 429]);

/**
 * Sends a message to a webhook. Redirects are not followed, for the operator named the receiver; of the answer only the status is
 * read. No word of it names more of the URL than its host: the rest is often the password. Never rejects.
 *
 * @param limit milliseconds
 */
export function post(url: URL, body: string, limit = patience): Promise<Answer> {
  const request = { "http:": requestHttp, "https:": requestHttps }[url.protocol];
  if (request === undefined) return Promise.resolve({ kind: "refused", why: `${url.protocol} is not HTTP` });
  return new Promise((resolve) => {
    const sent = request(url, {
      method: "POST",
      signal: AbortSignal.timeout(limit),
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      // A connection of its own: notices are rare, and a kept one would be dead by the next.
      agent: false,
    });
    sent.on("response", (answer) => {
      resolve(answerOf(answer.statusCode ?? 0));
      answer.destroy();
    });
    sent.on("error", (error: NodeJS.ErrnoException) =>
      resolve({ kind: "again", why: `${url.host}: ${reasonOf(error, limit)}` }),
    );
    // What answered in another protocol (101) is no answer; of two words the first counts.
    sent.on("close", () => resolve({ kind: "refused", why: `${url.host} answered nothing that HTTP knows` }));
    sent.end(body);

    const answerOf = (status: number): Answer => {
      if (status >= 200 && status < 300) return { kind: "taken" };
      const kind = status >= 500 || later.has(status) ? "again" : "refused";
      return { kind, why: `${url.host} answered ${status}` };
    };
  });
}

const reasonOf = ({ name, code, message }: NodeJS.ErrnoException, limit: number): string =>
  name === "AbortError" || name === "TimeoutError"
    ? `no answer within ${limit / 1_000} s`
    : (code ?? message);
