import { lastOf, Role } from "../openflow/role.js";
import type { Controller } from "./xid-table.js";

/** What two controllers are. */
export interface Roles {
  readonly pool: Role;
  /** Null while there is no master controller: it is no party then. */
  readonly master: Role | null;
  /** The last generation that was told; null where none was. */
  readonly generation: bigint | null;
}

export const noRoles: Roles = { pool: Role.equal, master: null, generation: null };

export const otherThan = (controller: Controller): Controller => (controller === "pool" ? "master" : "pool");

/** One master at most: a newer one makes the other a slave (OpenFlow 1.3.5, 6.3.4). @param generation null where none is told */
export function withRole(before: Roles, who: Controller, role: Role, generation: bigint | null): Roles {
  if (role === Role.noChange) return before;
  const other = otherThan(who);
  const others = role === Role.master && before[other] === Role.master ? Role.slave : before[other];
  const last = generation === null ? before.generation : lastOf(before.generation, generation);
  return { ...before, [who]: role, [other]: others, generation: last };
}

/** The switch takes the connection for this, and so nobody here for its master. */
export const without = (before: Roles, role: Role): Roles => ({
  ...before,
  pool: before.pool === Role.master ? role : before.pool,
  master: before.master === Role.master ? role : before.master,
});

/** Whether the role allows what the other one does not. Whoever is not there needs nothing. */
export const isStronger = (role: Role | null, than: Role): boolean => strengthOf(role) > strengthOf(than);

/** What the connection has to be allowed. */
export const strongest = ({ pool, master }: Roles): Role =>
  master !== null && isStronger(master, pool) ? master : pool;

const strengths: readonly (Role | null)[] = [null, Role.slave, Role.equal, Role.master];
const strengthOf = (role: Role | null): number => strengths.indexOf(role);
