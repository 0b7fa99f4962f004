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

/** Asks this page's own agent, and resolves to what it answers. @throws AskError */
export async function ask<T>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(path, { method, ...sent }).catch(() => null);
  if (response === null) throw new AskError("the agent does not answer", 0);
  const text = await response.text();
  if (!response.ok)
    throw new AskError(sentenceIn(text) ?? `the agent answered ${response.status}`, response.status);
  return (text === "" ? null : JSON.parse(text)) as T;
}

function sentenceIn(text: string): string | null {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === "string" ? error : null;
  } catch {
    return null;
  }
}
