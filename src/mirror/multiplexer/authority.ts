import { message, type RefusalName, refusal, xidOf } from "../openflow/message.js";
import { Type } from "../openflow/message-type.js";
import { Kind } from "../openflow/request-kind.js";
import { deposition, Role, roleLength } from "../openflow/role.js";
import { isDenied } from "../openflow/slave.js";
import { AsyncArbiter } from "./async-arbiter.js";
import { RoleArbiter } from "./role-arbiter.js";
import type { Controller, Party, Request } from "./xid-table.js";

/** What the exchange does for it. */
export interface Desk {
  /** Puts a request to the switch. @returns the number under which it stands there */
  ask(from: Party, kind: Kind, request: Buffer, now: number): number;
  /** Whether something may still answer it. */
  isOpen(number: number): boolean;
  tell(controller: Controller, bytes: Buffer): void;
}

/** Who hears a message, without a new list for each. */
const audiences = [[], ["pool"], ["master"], ["pool", "master"]] as const;

/** The header of a ROLE_REPLY, or ROLE_STATUS, and what each has at least. */
const roleMessage = 8 + roleLength;

/** What two controllers on one connection may do, and what each hears unasked: their roles, and what they set (OpenFlow 1.3.5, 6.3.4). */
export class Authority {
  readonly #roles = new RoleArbiter();
  readonly #async = new AsyncArbiter();
  /** The next master controller, an equal, has not said anything yet; the connection still has the role that the last one left it. */
  #isAnother = false;

  /** @param writes whether the master controller may write, and so contends for roles: else the pool's notices nothing of it */
  constructor(
    private readonly desk: Desk,
    private readonly writes: boolean,
  ) {}

  /** @returns whether it is decided here; else it goes to the switch as it is */
  takes(from: Controller, kind: Kind, bytes: Buffer, at: number, length: number, now: number): boolean {
    if (from === "master" && this.#isAnother) {
      this.#isAnother = false;
      this.#mend(bytes.readUInt8(at), now);
    }
    if (kind === Kind.role && this.writes) this.#askRole(from, bytes.subarray(at, at + length), now);
    else if (kind === Kind.setAsync) this.#setAsync(from, bytes.subarray(at, at + length), now);
    else if (this.#roles.expected(from) === Role.slave && isDenied(bytes, at, length))
      this.#refuse(from, bytes.subarray(at, at + length), "isSlave");
    else return false;
    return true;
  }

  /** The switch answers what stands there under this number. @returns whether whoever asked was told so */
  answered(
    number: number,
    { party, kind }: Request,
    bytes: Buffer,
    at: number,
    length: number,
    now: number,
  ): boolean {
    const reply = bytes.subarray(at, at + length);
    if (kind === Kind.role && this.writes) this.#answeredRole(number, reply, now);
    else if (kind === Kind.setAsync) this.#async.refused(number);
    else if (kind === Kind.getAsync && party === "master") return this.#toldAsync(reply);
    return false;
  }

  /** Nothing more answers this number. */
  closed(number: number): void {
    if (!this.#roles.isOwn(number)) this.#roles.refuse(number);
  }

  /** Who hears what the switch says unasked. */
  audience(bytes: Buffer, at: number, length: number, now: number): readonly Controller[] {
    if (this.writes && bytes.readUInt8(at + 1) === Type.roleStatus && length >= roleMessage)
      return this.#learn(bytes.subarray(at, at + length), now);
    // The switch knows what the pool's controller wants, unless the connection is stronger than its role.
    const pool = !this.#roles.isWeaker("pool") || this.#async.wants("pool", true, bytes, at, length);
    const isSlave = this.#roles.granted("master") === Role.slave;
    const master = this.#async.wants("master", isSlave, bytes, at, length);
    return audiences[(pool ? 1 : 0) + (master ? 2 : 0)] ?? [];
  }

  /** The master controller went; the next one begins anew. */
  leave(): void {
    this.#isAnother = this.writes;
    this.#roles.leave();
    this.#async.leave();
  }

  #askRole(from: Controller, request: Buffer, now: number): void {
    const put = (asked: Buffer) => this.desk.ask(from, Kind.role, asked, now);
    const why = this.#roles.ask(from, request, put);
    if (why !== null) this.#refuse(from, request, why);
  }

  /** The reply says then what whoever asked is. */
  #answeredRole(number: number, reply: Buffer, now: number): void {
    if (reply.readUInt8(1) !== Type.roleReply || reply.length < roleMessage) this.#roles.refuse(number);
    else {
      const deposed = this.#roles.grant(number, reply);
      if (deposed !== null && reply.readUInt8(0) >= 5) this.desk.tell(deposed, deposition(reply));
    }
    // One that is not granted is not asked for again.
    if (!this.#roles.isOwn(number)) this.#mend(reply.readUInt8(0), now);
  }

  #learn(status: Buffer, now: number): readonly Controller[] {
    const changed = this.#roles.learn(status.subarray(8));
    this.#mend(status.readUInt8(0), now);
    return changed;
  }

  #mend(version: number, now: number): void {
    this.#roles.mend((body) =>
      this.desk.ask("multiplexer", Kind.role, message(version, Type.roleRequest, 0, body), now),
    );
  }

  /** The master controller's is a filter here, of which the switch never hears. */
  #setAsync(from: Controller, request: Buffer, now: number): void {
    if (from === "pool") {
      const number = this.desk.ask(from, Kind.setAsync, request, now);
      this.#async.asked(number, request, (earlier) => this.desk.isOpen(earlier));
    } else if (!this.#async.narrow(request)) this.#refuse(from, request, "badLength");
  }

  #toldAsync(reply: Buffer): boolean {
    const body = reply.readUInt8(1) === Type.getAsyncReply ? this.#async.told(reply) : null;
    if (body === null) return false;
    this.desk.tell("master", message(reply.readUInt8(0), Type.getAsyncReply, xidOf(reply), body));
    return true;
  }

  #refuse(from: Controller, request: Buffer, why: RefusalName): void {
    this.desk.tell(from, refusal(request.readUInt8(0), request, why));
  }
}
