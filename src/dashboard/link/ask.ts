/** The agent said no, or nothing. The message is its own sentence where it had one. */
export class AskError extends Error {
  constructor(
    message: string,
    /** HTTP status; 0 where nobody answered. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** Milliseconds until an agent that says nothing is not waited for any more. */
const patience = 15_000;

/** Milliseconds by which the agent's clock is ahead of this machine's, as its last answer said. */
let ahead = 0;

/** Milliseconds since the epoch by the agent's clock, to a second. */
export const agentNow = (): number => Date.now() + ahead;

/** Asks this page's own agent, and resolves to what it answers. @throws AskError */
export async function ask<T>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  timeout = patience,
): Promise<T> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const unanswered = () => new AskError("the agent does not answer", 0);
  const signal = AbortSignal.timeout(timeout);
  const response = await fetch(path, { method, signal, ...sent }).catch(() => null);
  if (response === null) throw unanswered();
  ahead = clockIn(response) ?? ahead;
  const text = await response.text().catch(() => null);
  if (text === null) throw unanswered();
  if (!response.ok)
    throw new AskError(sentenceIn(text) ?? `the agent answered ${response.status}`, response.status);
  return (text === "" ? null : JSON.parse(text)) as T;
}

function clockIn({ headers }: Response): number | null {
  const at = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(at) ? null : at - Date.now();
}

function sentenceIn(text: string): string | null {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === "string" ? error : null;
  } catch {
    return null;
  }
}
