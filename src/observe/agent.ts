import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";

/** What the agent's `GET /v1/state` says that others rely on. */
export interface AgentState {
  readonly faults: readonly string[];
  readonly severity: number;
  readonly yielding: boolean;
  /** One clause. */
  readonly why: string;
  readonly peers: readonly { readonly name: string; readonly ready: boolean }[];
}

export interface AgentAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One HTTP request to the agent's socket on `host`. Rejects when no agent answers. */
export async function askAgent(
  host: Host,
  method: "GET" | "POST",
  path: string,
  body?: unknown,
): Promise<AgentAnswer> {
  const content = body === undefined ? "" : JSON.stringify(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    "Host: agent",
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(content)}`,
  ];
  return parseAnswer(await host.ask(paths.agentSocket, `${head.join("\r\n")}\r\n\r\n${content}`, 2_000));
}

/** Reads a whole HTTP/1.1 response: the status line, and a JSON body that is plain or in chunks (RFC 9112, 7.1). */
export function parseAnswer(text: string): AgentAnswer {
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);
  const start = text.indexOf("\r\n\r\n");
  if (!Number.isInteger(status) || start < 0) throw new Error("the agent's answer is not HTTP");
  const head = text.slice(0, start);
  const rest = text.slice(start + 4);
  const body = /^transfer-encoding: *chunked/im.test(head)
    ? rest.replace(/(^|\r\n)[0-9a-f]+\r\n/gi, "").replace(/\r\n$/, "")
    : rest;
  return { status, body: JSON.parse(body) };
}

/** The agent's state, or null when none answers. */
export async function observeAgent(host: Host): Promise<AgentState | null> {
  try {
    return (await askAgent(host, "GET", "/v1/state")).body as AgentState;
  } catch {
    return null;
  }
}
