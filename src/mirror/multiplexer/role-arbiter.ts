import { bodyOf } from "../openflow/message.js";
import { quoteAs } from "../openflow/quoted-request.js";
import {
  becauseOfMaster,
  isStale,
  lastOf,
  Role,
  roleBody,
  roleIn,
  roleLength,
  writeRole,
} from "../openflow/role.js";
import { Expected } from "./expected.js";
import { isStronger, noRoles, otherThan, type Roles, strongest, without, withRole } from "./roles.js";
import type { Controller } from "./xid-table.js";

type RoleRefusal = "badLength" | "badRole" | "staleRole";

/** What comes of a ROLE_REPLY. */
interface Granted {
  /** Who was master until now, and is slave. */
  readonly deposed: readonly Controller[];
  /** Who said this, of whose generation the switch knows a later one. */
  readonly stale: { readonly by: Controller; readonly said: Buffer } | null;
}

/**
 * The roles of two controllers on one connection, as a switch would keep them on two (OpenFlow 1.3.5, 6.3.4), decided in
 * the order of asking. The connection itself has the stronger of both roles, since the switch may have others, whose
 * controllers contend for it, too. So the switch hears what a controller asked for, where the connection may be that; else it is
 * asked what the connection is, and nobody is made master who did not ask for it.
 */
export class RoleArbiter {
  readonly #roles = new Expected<Roles>(noRoles);
  /** What the switch last said that the connection is. */
  #connection: number = Role.equal;
  /** What a controller said, where the switch is asked what the connection is instead. */
  readonly #said = new Map<number, Buffer>();
  /** The multiplexer's own request; null while there is none. */
  #own: { readonly number: number; readonly role: Role } | null = null;
  /** What the switch refused the multiplexer, and granted nobody anything since. */
  #declined: Role | null = null;

  /** What a controller may do, who has asked for it already: what the other one asks for deposes nobody before it is granted. */
  expected(controller: Controller): Role | null {
    return this.#roles.for(controller)[controller];
  }

  /** What a controller is; null where it is not there. */
  granted(controller: Controller): Role | null {
    return this.#roles.granted[controller];
  }

  /** Whether this controller is a slave, and the switch does not treat the connection as one. */
  isWeaker(controller: Controller): boolean {
    return this.granted(controller) === Role.slave && this.#connection !== Role.slave;
  }

  /**
   * One ROLE_REQUEST; what the switch is asked instead is written into it.
   * @param put asks the switch, and says under which number
   * @returns why the switch is not asked; null where it is
   */
  ask(controller: Controller, request: Buffer, put: (request: Buffer) => number): RoleRefusal | null {
    const body = bodyOf(request);
    if (body.length !== roleLength) return "badLength";
    const { role, generation } = roleIn(body);
    if (!isRole(role)) return "badRole";
    const told = isElection(role) ? generation : null;
    // The switch may not know of what a slave told beside an equal. Where one controller is there alone, it judges.
    const { generation: last, master } = this.#roles.now;
    if (told !== null && master !== null && isStale(told, last)) return "staleRole";
    const said = this.#mayBe(role, controller) ? null : Buffer.from(request);
    if (said !== null) writeRole(body, Role.noChange, null);
    const number = put(request);
    if (said !== null) this.#said.set(number, said);
    this.#roles.ask(number, controller, (before) => withRole(before, controller, role, told));
    return null;
  }

  /** A ROLE_REPLY under this number, into which the role of whoever asked is written. */
  grant(number: number, reply: Buffer): Granted {
    const { role, generation } = roleIn(bodyOf(reply));
    const [before, by] = [this.#roles.granted, this.#roles.by(number)];
    const stale = by === null ? null : this.#stale(number, generation);
    if (this.#own?.number === number) this.#own = null;
    this.#declined = null;
    if (stale === null) this.#roles.grant(number);
    this.refuse(number);
    this.#heard(role, generation);
    if (by !== null) writeRole(bodyOf(reply), this.granted(by) ?? role, this.#roles.granted.generation);
    const isDeposed = (each: Controller) =>
      each !== by && before[each] === Role.master && this.granted(each) === Role.slave;
    const deposed = (["pool", "master"] as const).filter(isDeposed);
    return { deposed, stale: by === null || stale === null ? null : { by, said: stale } };
  }

  /** The switch refuses what it was asked under this number, or says nothing more to it. @param error quotes what was said, where there is one */
  refuse(number: number, error: Buffer | null = null): void {
    const said = this.#said.get(number);
    if (said !== undefined && error !== null) quoteAs(error, said);
    this.#said.delete(number);
    this.#roles.refuse(number);
    if (this.#own?.number !== number) return;
    this.#declined = this.#own.role;
    this.#own = null;
  }

  /** The body of a ROLE_STATUS. @returns whose role it is that changed */
  learn(status: Buffer): readonly Controller[] {
    const { role, generation } = roleIn(status);
    if (!isRole(role) || role === Role.noChange) return [];
    const masters = (["pool", "master"] as const).filter((each) => this.granted(each) === Role.master);
    this.#heard(role, generation);
    if (role !== Role.master && masters.length > 0) return masters;
    // Another connection's master deposes nobody who is none, and a master is not made one.
    if (role === Role.slave && becauseOfMaster(status)) return [];
    if (role === Role.master && masters.includes("master")) return [];
    // What a switch's configuration decides it decides for whose session it is.
    this.#roles.change((now) => withRole(now, "pool", role, null));
    return ["pool"];
  }

  /**
   * Where the connection is not what both roles come to, once nothing is asked any more: as a controller gave up its role, came
   * or left, or a master was deposed beside whom there was an equal.
   * @param put asks the switch, in this body, and says under which number
   */
  mend(put: (body: Buffer) => number): void {
    if (this.#own !== null || this.#roles.isOpen) return;
    const role = this.#wanted;
    if (role === null || role === this.#connection) return;
    this.#own = { number: put(roleBody(role, this.#roles.granted.generation)), role };
  }

  /** A master controller that comes is an equal. */
  come(): void {
    this.#roles.change((before) => ({ ...before, master: before.master ?? Role.equal }));
  }

  leave(): void {
    this.#roles.disown("master");
    this.#roles.change((before) => ({ ...before, master: null }));
  }

  /** Whether the connection may be what this controller asks to be: whatever is granted of what the other one asked, it is no more than that. */
  #mayBe(role: Role, controller: Controller): boolean {
    if (role === Role.noChange || role === Role.master) return true;
    const other = otherThan(controller);
    return !this.#roles.isAsking(other) && !isStronger(this.granted(other), role);
  }

  /** What a controller said under this number whose generation is behind the switch's; else null. */
  #stale(number: number, generation: bigint): Buffer | null {
    const said = this.#said.get(number);
    if (said === undefined) return null;
    const told = roleIn(bodyOf(said));
    return isElection(told.role) && isStale(told.generation, lastOf(null, generation)) ? said : null;
  }

  /** What the switch says of the connection: where that is no master, nobody here is. In 1.3 a switch does not say so unless it is asked. */
  #heard(role: number, generation: bigint): void {
    this.#connection = role;
    this.#roles.change((now) => ({
      ...(isRole(role) && role !== Role.master ? without(now, role) : now),
      generation: lastOf(now.master === null ? null : now.generation, generation) ?? now.generation,
    }));
  }

  /**
   * What the multiplexer asks for; null where that was refused. A slave's generation may be: to be an equal is refused
   * nobody, and its reply says which one is not.
   */
  get #wanted(): Role | null {
    if (this.#declined === null) return strongest(this.#roles.granted);
    return this.#declined === Role.slave && this.#connection === Role.master ? Role.equal : null;
  }
}

const isRole = (role: number): role is Role => role <= Role.slave;
/** Whether the request has a generation, which is compared. */
const isElection = (role: number): boolean => role === Role.master || role === Role.slave;
