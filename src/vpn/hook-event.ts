import type { Parsed } from "../topology/address.js";
import { destinationOf, type Login, loginIn, type Session, sessionIn } from "./session.js";

/** What OpenVPN told by a hook (programs/vpn-event.pl). */
export type HookEvent =
  | { readonly kind: "connect"; readonly login: Login }
  | { readonly kind: "disconnect"; readonly session: Session }
  /** Something more is reached through a session: what is behind the client (iroute), or was behind another before. */
  | { readonly kind: "learn"; readonly session: Session; readonly destination: string };

/** Characters: the program sends less. */
const most = 8_192;

/**
 * Reads a hook's words, lines `KEY=VALUE`. Null where nothing follows from them: a hardware address, or an address that
 * OpenVPN forgets, which it tells up to a minute late and without a word on whose it was; by then it may be another's.
 */
export function hookEvent(text: string): Parsed<HookEvent | null> {
  const variables = variablesIn(text);
  if (typeof variables === "string") return { refused: variables };
  const hook = variables.get("script_type");
  if (hook === "learn-address") return learned(variables);
  if (hook !== "client-connect" && hook !== "client-disconnect") return { refused: "no hook that is known" };
  const login = loginIn(variables);
  if (login === null) return { refused: `${hook} without a session` };
  if (hook === "client-disconnect") return { value: { kind: "disconnect", session: login.session } };
  return { value: { kind: "connect", login } };
}

function learned(variables: ReadonlyMap<string, string>): Parsed<HookEvent | null> {
  const [operation, address] = [variables.get("operation"), variables.get("address")];
  if (address === undefined) return { refused: "learn-address without an address" };
  if (operation === "delete") return { value: null };
  if (operation !== "add" && operation !== "update")
    return { refused: "learn-address without its operation" };
  const session = sessionIn(variables);
  if (session === null) return { refused: "learn-address without a session" };
  const destination = destinationOf(address);
  return { value: destination === null ? null : { kind: "learn", session, destination } };
}

/** The variables, or why the text is none. */
function variablesIn(text: string): Map<string, string> | string {
  if (text.length > most) return "longer than any hook's words";
  // What is cut short does not end a line.
  if (!text.endsWith("\n")) return "cut short";
  const variables = new Map<string, string>();
  for (const line of text.slice(0, -1).split("\n")) {
    const [, key, value] = /^([a-z0-9_]{1,64})=([^\0-\x1f\x7f]*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) return "not lines of KEY=VALUE";
    if (variables.has(key)) return `${key} twice`;
    variables.set(key, value);
  }
  return variables;
}
