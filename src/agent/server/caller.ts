import { type Identity, mayUse, type Role } from "../../api/identity.js";

/** Who asks. `nobody` has no certificate, or one that is not accepted: `why` says which. */
export type Caller =
  | { readonly kind: "holder"; readonly identity: Identity }
  | { readonly kind: "root" }
  | { readonly kind: "nobody"; readonly address: string; readonly why: string };

/** A holder of a certificate, or root: nobody else ever reaches a handler that changes anything. */
export const callerName = (caller: Caller): string => {
  if (caller.kind === "holder") return caller.identity.name;
  return caller.kind === "root" ? "root" : "nobody";
};

/** Root of a node can read that node's own key, and so may do all that an operator or a node may. */
export function mayCall(caller: Caller, needed: Role | null): boolean {
  if (needed === null || caller.kind === "root") return true;
  return caller.kind === "holder" && mayUse(caller.identity.role, needed);
}
