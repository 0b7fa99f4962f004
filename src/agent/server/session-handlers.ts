import { X509Certificate } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ApiError } from "../../api/api-error.js";
import type { Identity } from "../../api/identity.js";
import type { SignInCode, Who } from "../../api/session.js";
import type { TlsMaterial } from "../tls-identity.js";
import type { Caller } from "./caller.js";
import { plainAddress } from "./connection-limit.js";
import type { Asked } from "./handlers.js";
import type { JudgedCertificate } from "./judged-certificate.js";
import { noSessionCookie, sessionCookie, tokenIn } from "./session-cookie.js";
import { codeLife, type Person, type Sessions } from "./sessions.js";
import { type Allowance, TokenBuckets } from "./token-buckets.js";

/** Of one request, what only the server itself handles. */
export interface Exchange {
  readonly request: IncomingMessage;
  setCookie(cookie: string): void;
}

export interface SessionParts {
  readonly sessions: Sessions;
  readonly identity: { readonly current: Pick<TlsMaterial, "identity" | "secureContext"> | null };
  /** Where the page is served over TLS; null for nowhere. */
  readonly place: () => string | null;
  /** What the other end of a request's connection showed. */
  readonly certificateOf: (request: IncomingMessage) => JudgedCertificate | null;
  readonly signedIn: (identity: Identity, address: string) => void;
}

/** Codes that one address may try: a code has 128 random bits, so that this is about the work alone. */
const attempts: Allowance = { perSecond: 1, burst: 30 };

/** How a browser is signed in and out. Nothing of it is an event: whoever may only look adds nothing to what others see. */
export function sessionHandlers(parts: SessionParts) {
  const { sessions } = parts;
  const tried = new TokenBuckets();
  return {
    signInCode: ({ caller, body }: Asked<"signInCode">, { request }: Exchange): SignInCode => {
      const { current } = parts.identity;
      const place = parts.place();
      if (current === null || place === null)
        throw new ApiError(
          503,
          "this agent serves nobody over TLS now: its certificate or its address is missing",
        );
      const person = personOf(caller, parts.certificateOf(request), current.identity.cluster);
      const role = person.identity.role === "operator" && !body.viewer ? "operator" : "viewer";
      const as: Person = { ...person, identity: { ...person.identity, role } };
      return {
        ...{ node: current.identity.name, place, name: as.identity.name, role },
        code: sessions.codeFor(as, performance.now()),
        seconds: codeLife / 1_000,
        fingerprint: new X509Certificate(String(current.secureContext.cert)).fingerprint256,
      };
    },
    signIn: ({ body }: Asked<"signIn">, { request, setCookie }: Exchange): Who => {
      const now = performance.now();
      const address = plainAddress(request.socket.remoteAddress);
      const wait = Math.ceil(tried.take(address, attempts, now) / 1_000);
      if (wait > 0) throw new ApiError(429, "too many codes were tried: wait a moment", undefined, wait);
      const token = sessions.begin(body.code, now);
      const session = token === null ? null : sessions.of(token, now);
      if (token === null || session === null)
        throw new ApiError(
          403,
          "this code is not good, or not any more: it signs in once, within two minutes; 'holdfast dashboard' makes another",
        );
      // Whoever signs in anew leaves what he was signed in as.
      const before = tokenIn(request.headers.cookie);
      if (before !== null) sessions.end(before);
      parts.signedIn(session.identity, address);
      setCookie(sessionCookie(token));
      return sessionOf(session.identity, session.left);
    },
    session: ({ caller }: Asked<"session">, { request }: Exchange): { who: Who | null } => ({
      who: whoIs(caller, parts.certificateOf(request)),
    }),
    signOut: (_asked: Asked<"signOut">, { request, setCookie }: Exchange): { done: true } => {
      const token = tokenIn(request.headers.cookie);
      if (token !== null) sessions.end(token);
      setCookie(noSessionCookie);
      return { done: true };
    },
  };
}

export type SessionHandlers = ReturnType<typeof sessionHandlers>;

/** A session makes no codes: it would outlive its own end in the next one. */
function personOf(caller: Caller, certificate: JudgedCertificate | null, cluster: string): Person {
  if (caller.kind === "root")
    return { identity: { cluster, role: "operator", name: "root" }, certificate: null };
  if (caller.kind !== "holder" || certificate === null)
    throw new ApiError(
      403,
      "a code is for whoever shows a certificate: 'holdfast dashboard' asks with yours",
    );
  return { identity: caller.identity, certificate };
}

function whoIs(caller: Caller, certificate: JudgedCertificate | null): Who | null {
  switch (caller.kind) {
    case "nobody":
      return null;
    case "root":
      return { name: "root", role: "operator", how: "root", until: null };
    case "session":
      return sessionOf(caller.identity, caller.left);
    case "holder": {
      const { name, role } = caller.identity;
      return { name, role, how: "certificate", until: instant(certificate?.end ?? Date.now()) };
    }
  }
}

const sessionOf = ({ name, role }: Identity, left: number): Who => ({
  ...{ name, role, how: "session" },
  until: instant(Date.now() + left),
});

/** To the second: two answers about one session say the same, or nearly. */
const instant = (milliseconds: number): string =>
  new Date(Math.round(milliseconds / 1_000) * 1_000).toISOString();
