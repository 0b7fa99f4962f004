import { ApiError } from "../../api/api-error.js";
import type { Identity, Role } from "../../api/identity.js";
import { type Caller, callerName, mayCall } from "./caller.js";
import { type Allowance, TokenBuckets } from "./token-buckets.js";

/** Requests a second. A coordinator asks every node many times in a change; root could do worse than to ask often. */
const allowances: Readonly<Record<Role | "nobody", Allowance>> = {
  viewer: { perSecond: 20, burst: 60 },
  operator: { perSecond: 20, burst: 60 },
  node: { perSecond: 200, burst: 400 },
  nobody: { perSecond: 5, burst: 20 },
};

/** What a request costs while it lasts: a look at answers of megabytes, a stream a timer, a change a body of up to 5 MiB. */
export type Work = "look" | "stream" | "change";

/** How much of each one asker may have under way, over however many connections. */
const atOnce: Readonly<Record<Role, Readonly<Record<Work, number>>>> = {
  viewer: { look: 4, stream: 16, change: 1 },
  operator: { look: 4, stream: 16, change: 4 },
  node: { look: 16, stream: 16, change: 8 },
};

/** Says who may ask, how often, and how much at once. */
export class Admission {
  private readonly buckets = new TokenBuckets();
  private readonly underWay = new Map<string, number>();

  /** Throws 429 (RFC 6585, 4), 401 or 403. `now` is a steady clock in milliseconds. */
  admit(caller: Caller, needed: Role | null, now: number): void {
    this.limit(caller, now);
    if (mayCall(caller, needed)) return;
    if (caller.kind === "nobody") throw new ApiError(401, caller.why);
    throw new ApiError(403, `${callerName(caller)} is ${roleOf(caller)}: this is for ${article(needed)}`);
  }

  /** Counts a request as under way until what it returns is called. Throws 429. */
  begin(caller: Caller, work: Work): () => void {
    if (caller.kind !== "holder") return () => {};
    const key = `${work} ${keyOf(caller.identity)}`;
    const count = this.underWay.get(key) ?? 0;
    if (count >= atOnce[caller.identity.role][work])
      throw new ApiError(429, "too many requests at once: wait for an answer first", undefined, 1);
    this.underWay.set(key, count + 1);
    return () => {
      const left = (this.underWay.get(key) ?? 1) - 1;
      if (left > 0) this.underWay.set(key, left);
      else this.underWay.delete(key);
    };
  }

  private limit(caller: Caller, now: number): void {
    if (caller.kind === "root") return;
    const [key, allowance] =
      caller.kind === "holder"
        ? [keyOf(caller.identity), allowances[caller.identity.role]]
        : [caller.address, allowances.nobody];
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

const keyOf = ({ role, name }: Identity): string => `${role}/${name}`;
const roleOf = (caller: Caller): string => article(caller.kind === "holder" ? caller.identity.role : null);
const article = (role: Role | null): string => (role === "operator" ? "an operator" : `a ${role}`);
