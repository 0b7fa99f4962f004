import { ApiError } from "../../api/api-error.js";
import type { Role } from "../../api/identity.js";
import { type Caller, callerName, identityOf, mayCall } from "./caller.js";
import { type Allowance, TokenBuckets } from "./token-buckets.js";
import { type Bounds, Turns } from "./turns.js";

/**
 * Requests a second. A coordinator asks every node many times in a change; root could do worse than to ask often. A
 * person's twenty open pages all come back at once when their agent does, with some requests each.
 */
const allowances: Readonly<Record<Role | "session" | "nobody" | "files", Allowance>> = {
  viewer: { perSecond: 20, burst: 60 },
  operator: { perSecond: 20, burst: 60 },
  node: { perSecond: 200, burst: 400 },
  session: { perSecond: 40, burst: 240 },
  nobody: { perSecond: 5, burst: 20 },
  // They lie in memory as they are sent, and whoever cannot have all of them sees a page without its style.
  files: { perSecond: 50, burst: 400 },
};

/** What a request costs while it lasts: a look at answers of megabytes, a stream a timer, a change a body of up to 5 MiB. */
export type Work = "look" | "stream" | "change";

const only = (atOnce: number): Bounds => ({ atOnce, inLine: 0 });

/**
 * How much of each one asker may have under way, over however many connections. Twenty pages of one person look and follow
 * at once: no more of their looks are under way than of a program's, but they wait for their turn.
 */
const atOnce: Readonly<Record<Role | "session", Readonly<Record<Work, Bounds>>>> = {
  viewer: { look: only(4), stream: only(16), change: only(1) },
  operator: { look: only(4), stream: only(16), change: only(4) },
  node: { look: only(16), stream: only(16), change: only(8) },
  session: { look: { atOnce: 4, inLine: 128 }, stream: only(40), change: only(4) },
};

/** Says who may ask, how often, and how much at once. `now` is a steady clock in milliseconds. */
export class Admission {
  private readonly buckets = new TokenBuckets();
  private readonly turns = new Turns();

  /** Throws 429 (RFC 6585, 4), 401 or 403. */
  admit(caller: Caller, needed: Role | null, now: number): void {
    this.limit(caller, now);
    if (mayCall(caller, needed)) return;
    if (caller.kind === "nobody") throw new ApiError(401, caller.why);
    throw new ApiError(403, `${callerName(caller)} is ${roleOf(caller)}: this is for ${article(needed)}`);
  }

  /** Of the page's files, which anybody may have; null is the node's own socket. Throws 429. */
  admitToFiles(address: string | null, now: number): void {
    if (address !== null) this.take(`files ${address}`, allowances.files, now);
  }

  /** Counts a request as under way, perhaps after its turn has come, until what it returns is called. Throws 429. */
  async begin(caller: Caller, work: Work, gone: AbortSignal): Promise<() => void> {
    const asker = askerOf(caller);
    if (asker === null) return () => {};
    const end = await this.turns.take(`${work} ${asker.key}`, atOnce[asker.as][work], gone);
    if (end === null)
      throw new ApiError(429, "too many requests at once: wait for an answer first", undefined, 1);
    return end;
  }

  private limit(caller: Caller, now: number): void {
    const asker = askerOf(caller);
    if (asker !== null) this.take(asker.key, allowances[asker.as], now);
    else if (caller.kind === "nobody") this.take(caller.address, allowances.nobody, now);
  }

  private take(key: string, allowance: Allowance, now: number): void {
    const wait = this.buckets.take(key, allowance, now);
    if (wait > 0)
      throw new ApiError(
        429,
        `too many requests: at most ${allowance.perSecond} a second`,
        undefined,
        Math.ceil(wait / 1_000),
      );
  }
}

/** By what an asker counts: open pages take nothing away from their person's programs. Null of root and nobody. */
function askerOf(caller: Caller): { readonly key: string; readonly as: Role | "session" } | null {
  const identity = identityOf(caller);
  if (identity === null) return null;
  const as = caller.kind === "session" ? "session" : identity.role;
  return { key: `${as}/${identity.role}/${identity.name}`, as };
}

const roleOf = (caller: Caller): string => article(identityOf(caller)?.role ?? null);
const article = (role: Role | null): string => (role === "operator" ? "an operator" : `a ${role}`);
