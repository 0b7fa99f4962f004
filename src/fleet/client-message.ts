import type { Route } from "../api/route.js";
import type { Message } from "./client-exchange.js";

type Values = Readonly<Record<string, unknown>>;

/** The parts of a call, as the table types them. */
export interface Parts {
  readonly params?: Values | undefined;
  readonly query?: Values | undefined;
  readonly body?: Values | undefined;
}

/** A call in HTTP's words. */
export function messageFor(route: Route, { params = {}, query = {}, body }: Parts): Message {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const content = body === undefined ? "" : JSON.stringify(body);
  return {
    method: route.method,
    path: path + searchOf(query),
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(route.method === "GET" ? {} : { "content-length": Buffer.byteLength(content) }),
    },
    body: content,
  };
}

function searchOf(query: Values): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
}
