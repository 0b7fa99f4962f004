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

/** Whether the switch was asked what a controller said; null where that is not decided yet. */
type Fate = "asked" | "kept" | null;

/** Who hears a message, without a new list for each. */
const audiences = [[], ["pool"], ["master"], ["pool", "master"]] as const;

/** The header of a ROLE_REPLY, or ROLE_STATUS, and what each has at least. */
const roleMessage = 8 + roleLength;

/** What two controllers on one connection may do, and what each hears unasked: their roles, and what they set (OpenFlow 1.3.5, 6.3.4). */
export class Authority {
  readonly #roles = new RoleArbiter();
  readonly #async = new AsyncArbiter();

  /** @param writes whether the master controller may write, and so contends for roles: else the pool's notices nothing of it */
  constructor(
    private readonly desk: Desk,
    private readonly writes: boolean,
  ) {}

  /** @returns whether the switch was asked, or it was decided here; null where it has to go to the switch as it is */
  takes(from: Controller, kind: Kind, bytes: Buffer, at: number, length: number, now: number): Fate {
    const request = () => bytes.subarray(at, at + length);
    if (kind === Kind.role && this.writes) return this.#askRole(from, request(), now);
    if (kind === Kind.setAsync) return this.#setAsync(from, request(), now);
    if (this.#roles.expected(from) !== Role.slave || !isDenied(bytes, at, length)) return null;
    return this.#refuse(from, request(), "isSlave");
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
    if (kind === Kind.role && this.writes) return this.#answeredRole(number, reply, now);
    if (kind === Kind.setAsync) this.#async.refused(number);
    else if (kind === Kind.getAsync && party === "master") return this.#toldAsync(reply);
    return false;
  }

  /** Nothing more answers this number. */
  closed(number: number): void {
    this.#roles.refuse(number);
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

  /** A master controller is there from now on, and an equal. @param version that the multiplexer may have to ask in */
  come(version: number, now: number): void {
    if (!this.writes) return;
    this.#roles.come();
    this.#mend(version, now);
  }

  /** The master controller went; the next one begins anew. */
  leave(version: number, now: number): void {
    this.#async.leave();
    if (!this.writes) return;
    this.#roles.leave();
    this.#mend(version, now);
  }

  #askRole(from: Controller, request: Buffer, now: number): Fate {
    const put = (asked: Buffer) => this.desk.ask(from, Kind.role, asked, now);
    const why = this.#roles.ask(from, request, put);
    return why === null ? "asked" : this.#refuse(from, request, why);
  }

  /** The reply says then what whoever asked is. @returns whether he was told something else */
  #answeredRole(number: number, reply: Buffer, now: number): boolean {
    const version = reply.readUInt8(0);
    const isGranted = reply.readUInt8(1) === Type.roleReply && reply.length >= roleMessage;
    const granted = isGranted ? this.#roles.grant(number, reply) : null;
    if (granted === null) this.#roles.refuse(number, reply);
    else {
      const { deposed, stale } = granted;
      if (version >= 5) for (const each of deposed) this.desk.tell(each, deposition(reply));
      if (stale !== null) this.#refuse(stale.by, stale.said, "staleRole");
    }
    this.#mend(version, now);
    return granted !== null && granted.stale !== null;
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
  #setAsync(from: Controller, request: Buffer, now: number): Fate {
    if (from === "master")
      return this.#async.narrow(request) ? "kept" : this.#refuse(from, request, "badLength");
    const number = this.desk.ask(from, Kind.setAsync, request, now);
    this.#async.asked(number, request, (earlier) => this.desk.isOpen(earlier));
    return "asked";
  }

  #toldAsync(reply: Buffer): boolean {
    const body = reply.readUInt8(1) === Type.getAsyncReply ? this.#async.told(reply) : null;
    if (body === null) return false;
    this.desk.tell("master", message(reply.readUInt8(0), Type.getAsyncReply, xidOf(reply), body));
    return true;
  }

  #refuse(from: Controller, request: Buffer, why: RefusalName): Fate {
    this.desk.tell(from, refusal(request.readUInt8(0), request, why));
    return "kept";
  }
}
