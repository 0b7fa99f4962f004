import { type Identity, mayUse, type Role } from "../../api/identity.js";

/** Who asks. `nobody` has no certificate and no session, or none that is accepted: `why` says which. */
export type Caller =
  | { readonly kind: "holder"; readonly identity: Identity }
  /** A person's browser; `left` are the milliseconds that its session still has at most. */
  | { readonly kind: "session"; readonly identity: Identity; readonly left: number }
  | { readonly kind: "root" }
  | { readonly kind: "nobody"; readonly address: string; readonly why: string };

/** A holder of a certificate, a person signed in, or root: nobody else ever reaches a handler that changes anything. */
export const callerName = (caller: Caller): string => identityOf(caller)?.name ?? caller.kind;

/** Null for root, who is more than any, and for nobody. */
export const identityOf = (caller: Caller): Identity | null =>
  caller.kind === "holder" || caller.kind === "session" ? caller.identity : null;

/** Root of a node can read that node's own key, and so may do all that an operator or a node may. */
export function mayCall(caller: Caller, needed: Role | null): boolean {
  if (needed === null || caller.kind === "root") return true;
  const identity = identityOf(caller);
  return identity !== null && mayUse(identity.role, needed);
}
