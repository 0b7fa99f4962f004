import type { Identity } from "../../api/identity.js";
import type { JudgedCertificate, Judges } from "./judged-certificate.js";
import { Tokens } from "./tokens.js";

/** As whom a browser is signed in, and by what. */
export interface Person {
  readonly identity: Identity;
  /** With which the code was asked for; null of root, who came by the node's own socket. */
  readonly certificate: Pick<JudgedCertificate, "trouble" | "end"> | null;
}

interface Session extends Person {
  readonly owner: string;
  /** On a steady clock, in milliseconds. */
  readonly begun: number;
  used: number;
}

interface Code extends Person {
  readonly owner: string;
  readonly made: number;
}

/** Milliseconds. */
export const codeLife = 2 * 60_000;
export const sessionLife = 12 * 3_600_000;
export const sessionIdle = 3_600_000;

/** A browser each with which a person is at work; far more than open pages, which share one. */
const sessionBounds = { bytes: 32, perOwner: 32, inAll: 256 };
const codeBounds = { bytes: 16, perOwner: 8, inAll: 64 };

/** Who is signed in. In memory alone: an agent that starts again knows nobody. `now` is a steady clock in milliseconds. */
export class Sessions {
  private readonly codes = new Tokens<Code>(codeBounds);
  private readonly sessions = new Tokens<Session>(sessionBounds);

  constructor(private readonly current: () => Judges) {}

  /** A code that is good once. */
  codeFor(person: Person, now: number): string {
    this.codes.keep(({ made }) => now - made < codeLife);
    return this.codes.issue({ ...person, owner: person.identity.name, made: now });
  }

  /** The token of the session that the code was for; null for a code that is not good. */
  begin(code: string, now: number): string | null {
    const found = this.codes.find(code);
    if (found === null) return null;
    this.codes.forget(found);
    if (now - found.made >= codeLife || !this.stands(found)) return null;
    this.sessions.keep((session) => this.lasts(session, now));
    const { identity, certificate, owner } = found;
    return this.sessions.issue({ identity, certificate, owner, begun: now, used: now });
  }

  /** Whose session it is, which has been used now, and the milliseconds that it has left at most; null for none. */
  of(token: string, now: number): { readonly identity: Identity; readonly left: number } | null {
    const session = this.sessions.find(token);
    if (session === null) return null;
    if (!this.lasts(session, now)) {
      this.sessions.forget(session);
      return null;
    }
    session.used = now;
    const certified = (session.certificate?.end ?? Number.POSITIVE_INFINITY) - Date.now();
    return { identity: session.identity, left: Math.min(session.begun + sessionLife - now, certified) };
  }

  end(token: string): void {
    const session = this.sessions.find(token);
    if (session !== null) this.sessions.forget(session);
  }

  private lasts(session: Session, now: number): boolean {
    const { begun, used } = session;
    return now - begun < sessionLife && now - used < sessionIdle && this.stands(session);
  }

  /** As for a connection, what was accepted once is judged by what this node knows since. */
  private stands({ identity, certificate }: Person): boolean {
    const judges = this.current();
    return identity.cluster === judges.cluster && (certificate?.trouble(judges) ?? null) === null;
  }
}
