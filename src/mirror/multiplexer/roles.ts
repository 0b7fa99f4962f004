import { Role } from "../openflow/role.js";
import type { Controller } from "./xid-table.js";

/** What two controllers are. */
export interface Roles extends Readonly<Record<Controller, Role>> {
  /** The last generation that was told; null where none was. */
  readonly generation: bigint | null;
}

export const noRoles: Roles = { pool: Role.equal, master: Role.equal, generation: null };

/** One master at most: a newer one makes the other a slave (OpenFlow 1.3.5, 6.3.4). @param generation null where none is told */
export function withRole(before: Roles, who: Controller, role: Role, generation: bigint | null): Roles {
  if (role === Role.noChange) return before;
  const other = who === "pool" ? "master" : "pool";
  const others = role === Role.master && before[other] === Role.master ? Role.slave : before[other];
  return { ...before, [who]: role, [other]: others, generation: generation ?? before.generation };
}

/** Another connection's controller was made master. */
export const withoutMaster = (before: Roles): Roles => ({
  ...before,
  pool: before.pool === Role.master ? Role.slave : before.pool,
  master: before.master === Role.master ? Role.slave : before.master,
});

/** What the connection has to be allowed. */
export function strongest({ pool, master }: Roles): Role {
  if (pool === Role.master || master === Role.master) return Role.master;
  return pool === Role.equal || master === Role.equal ? Role.equal : Role.slave;
}
