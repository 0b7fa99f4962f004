import { isStale, Role, roleBody, roleLength } from "../openflow/role.js";
import type { Controller } from "./xid-table.js";

/** What a request for a role comes to. */
export type RoleOutcome =
  | { readonly kind: "refused"; readonly why: "badLength" | "badRole" | "staleRole" }
  /** The role stays as it was. */
  | { readonly kind: "told"; readonly body: Buffer }
  /** The switch is asked, in these words; it is granted when the switch grants it. */
  | { readonly kind: "asked"; readonly body: Buffer; readonly grant: () => RoleGrant };

export interface RoleGrant {
  /** The ROLE_REPLY's body for whoever asked. */
  readonly body: Buffer;
  /** Who was master until now, and is slave. */
  readonly deposed: Controller | null;
}

/** The strongest role comes first: what the connection itself has to be allowed. */
const strength = [Role.master, Role.equal, Role.slave] as const;

/**
 * The roles of two controllers on one connection, as a switch would keep them on two (OpenFlow 1.3.5, 6.3.4): one master
 * at most, which a newer one makes a slave. The connection itself has the stronger of both roles, since the switch may
 * have other connections, whose controllers contend for it, too.
 */
export class RoleArbiter {
  readonly #roles: Record<Controller, Role> = { pool: Role.equal, master: Role.equal };
  #generation: bigint | null = null;

  of(controller: Controller): Role {
    return this.#roles[controller];
  }

  /** A controller that comes again is an equal. The connection keeps the role that it has until somebody asks for another. */
  leave(controller: Controller): void {
    this.#roles[controller] = Role.equal;
  }

  /** @param body of a ROLE_REQUEST */
  ask(controller: Controller, body: Buffer): RoleOutcome {
    if (body.length !== roleLength) return { kind: "refused", why: "badLength" };
    const role = body.readUInt32BE(0);
    if (role > Role.slave) return { kind: "refused", why: "badRole" };
    if (role === Role.noChange)
      return { kind: "told", body: roleBody(this.#roles[controller], this.#generation) };
    const generation = role === Role.equal ? null : body.readBigUInt64BE(8);
    if (generation !== null && isStale(generation, this.#generation))
      return { kind: "refused", why: "staleRole" };
    const wanted = this.#with(controller, role as Role);
    return {
      kind: "asked",
      body: roleBody(
        strength.find((each) => Object.values(wanted).includes(each)) ?? role,
        generation ?? this.#generation,
      ),
      grant: () => this.#grant(controller, role as Role, generation),
    };
  }

  #grant(controller: Controller, role: Role, generation: bigint | null): RoleGrant {
    const before = { ...this.#roles };
    Object.assign(this.#roles, this.#with(controller, role));
    this.#generation = generation ?? this.#generation;
    const other = otherThan(controller);
    return {
      body: roleBody(role, this.#generation),
      deposed: before[other] === Role.master && this.#roles[other] === Role.slave ? other : null,
    };
  }

  #with(controller: Controller, role: Role): Record<Controller, Role> {
    const other = otherThan(controller);
    const deposes = role === Role.master && this.#roles[other] === Role.master;
    const others = deposes ? Role.slave : this.#roles[other];
    return { [controller]: role, [other]: others } as Record<Controller, Role>;
  }
}

export const otherThan = (controller: Controller): Controller => (controller === "pool" ? "master" : "pool");
