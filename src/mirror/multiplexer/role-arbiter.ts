import { bodyOf } from "../openflow/message.js";
import { isStale, lastOf, Role, roleBody, roleIn, roleLength, writeRole } from "../openflow/role.js";
import { Expected } from "./expected.js";
import { noRoles, type Roles, strongest, withoutMaster, withRole } from "./roles.js";
import type { Controller } from "./xid-table.js";

type RoleRefusal = "badLength" | "badRole" | "staleRole";

/**
 * The roles of two controllers on one connection, as a switch would keep them on two (OpenFlow 1.3.5, 6.3.4), decided in
 * the order of asking. The connection itself has the stronger of both roles, since the switch may have others, whose
 * controllers contend for it, too: so the switch is asked for that, and may refuse.
 */
export class RoleArbiter {
  readonly #roles = new Expected<Roles>(noRoles);
  /** What the switch last said that the connection is. */
  #connection: number = Role.equal;
  /** Requests that ask what the role is, and change none. */
  readonly #looks = new Set<number>();
  /** The multiplexer's own request; null while there is none. */
  #own: number | null = null;

  /** What a controller may do, who has asked for it already. */
  expected(controller: Controller): Role {
    return this.#roles.now[controller];
  }

  /** What a controller hears, who has been granted it. */
  granted(controller: Controller): Role {
    return this.#roles.granted[controller];
  }

  /** Whether this controller is a slave, and the switch does not treat the connection as one. */
  isWeaker(controller: Controller): boolean {
    return this.granted(controller) === Role.slave && this.#connection !== Role.slave;
  }

  /**
   * One ROLE_REQUEST; what the connection has to be is written into it.
   * @param put asks the switch, and says under which number
   * @returns why the switch is not asked; null where it is
   */
  ask(controller: Controller, request: Buffer, put: (request: Buffer) => number): RoleRefusal | null {
    const body = bodyOf(request);
    if (body.length !== roleLength) return "badLength";
    const { role, generation } = roleIn(body);
    if (!isRole(role)) return "badRole";
    const told = role === Role.master || role === Role.slave ? generation : null;
    if (told !== null && isStale(told, this.#roles.now.generation)) return "staleRole";
    const change = (before: Roles) => withRole(before, controller, role, told);
    const wanted = change(this.#roles.now);
    if (role !== Role.noChange) writeRole(body, strongest(wanted), wanted.generation);
    const number = put(request);
    this.#roles.ask(number, controller, change);
    if (role === Role.noChange) this.#looks.add(number);
    return null;
  }

  /**
   * A ROLE_REPLY under this number, into which the role of whoever asked is written.
   * @returns who was master until now, and is slave
   */
  grant(number: number, reply: Buffer): Controller | null {
    const { role, generation } = roleIn(bodyOf(reply));
    const isDeposed = this.#looks.delete(number) && role === Role.slave && this.#connection !== role;
    this.#connection = role;
    const by = this.#roles.by(number);
    if (by === null) return null;
    const before = this.#roles.granted;
    this.#roles.grant(number);
    this.#roles.change((now) => ({ ...now, generation: lastOf(now.generation, generation) }));
    // In 1.3 a switch does not say so unless it is asked.
    if (isDeposed) this.#roles.change(withoutMaster);
    writeRole(bodyOf(reply), this.granted(by), this.#roles.granted.generation);
    const other = by === "pool" ? "master" : "pool";
    return before[other] === Role.master && this.granted(other) === Role.slave ? other : null;
  }

  /** The switch refuses what it was asked under this number, or says nothing to it. */
  refuse(number: number): void {
    this.#roles.refuse(number);
    this.#looks.delete(number);
  }

  /** Whether this was the multiplexer's own request, which is over now. */
  isOwn(number: number): boolean {
    const is = number === this.#own;
    if (is) this.#own = null;
    return is;
  }

  /** The body of a ROLE_STATUS. @returns whose role it is that changed */
  learn(status: Buffer): readonly Controller[] {
    const { role, generation } = roleIn(status);
    if (!isRole(role) || role === Role.noChange) return [];
    this.#connection = role;
    this.#roles.change((now) => ({ ...now, generation: lastOf(now.generation, generation) }));
    const masters = (["pool", "master"] as const).filter((each) => this.granted(each) === Role.master);
    if (role === Role.slave) {
      this.#roles.change(withoutMaster);
      return masters;
    }
    // What a switch's configuration decides it decides for whose session it is.
    if (masters.includes("master")) return [];
    this.#roles.change((now) => withRole(now, "pool", role, null));
    return ["pool"];
  }

  /**
   * Where the connection is not what both roles come to, once nothing is asked any more: as a request was refused, a
   * controller left, or a master was deposed beside whom there was an equal.
   * @param put asks the switch, in this body, and says under which number
   */
  mend(put: (body: Buffer) => number): void {
    const role = strongest(this.#roles.granted);
    if (this.#own !== null || this.#roles.isOpen || role === this.#connection) return;
    this.#own = put(roleBody(role, this.#roles.granted.generation));
  }

  /** A master controller that comes again is an equal. The connection keeps the role that it has for the time being. */
  leave(): void {
    this.#roles.disown("master");
    this.#roles.change((before) => ({ ...before, master: Role.equal }));
  }
}

const isRole = (role: number): role is Role => role <= Role.slave;
