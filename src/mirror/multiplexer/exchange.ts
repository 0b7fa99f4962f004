import { message, type RefusalName, refusal } from "../openflow/message.js";
import { Type, typesOf } from "../openflow/message-type.js";
import { goesOn } from "../openflow/multipart.js";
import { isNews, Kind, kindOf } from "../openflow/request-kind.js";
import { deposition, Role } from "../openflow/role.js";
import { AsyncArbiter } from "./async-arbiter.js";
import type { Outlet } from "./outlet.js";
import { RoleArbiter, type RoleGrant } from "./role-arbiter.js";
import { type Controller, type Request, unanswered, XidTable } from "./xid-table.js";

export interface Outlets {
  readonly switch: Outlet;
  readonly pool: Outlet;
  /** What answers the master controller. */
  readonly master: Outlet;
  /** What the switch tells it unasked. */
  readonly copy: Outlet;
}

/** What the master controller has a part in. */
export interface Terms {
  /** It may write, and so it contends for roles. */
  readonly writes: boolean;
  /** It hears what answers the pool's controller, too: it has no questions of its own. */
  readonly hearsAll: boolean;
}

/** Questions of the master controller's that may wait for the switch. */
const mostOfMaster = 256;

/** Requests that only a barrier closes: behind so many of them goes one of the multiplexer's own. */
const barrierAfter = 16_384;

/** Types from 1.2 on (OpenFlow 1.3.5, 7.1; 1.4.1, 7.1). */
const later = { roleRequest: 24, roleReply: 25, getAsyncReply: 27, setAsync: 28, roleStatus: 30 } as const;

/** bundle_id, padding, flags, and then the message that is added (OpenFlow 1.4.1, 7.3.9.6). */
const addedXid = 8 + 8 + 4;

/**
 * Who hears what on a connection to a switch that two controllers share (OpenFlow 1.3.5, 6.3.4). Every request goes out
 * under a number of its own, and what answers it comes back to whoever asked, under the number that he gave it; what the
 * switch says unasked goes to both, as far as each wants to hear it. Numbers are written into the bytes that are given.
 */
export class Exchange {
  readonly counts = { unmatched: 0, shed: 0, expired: 0 };
  readonly #roles = new RoleArbiter();
  readonly #async = new AsyncArbiter();
  /** Roles that the switch was asked for. */
  readonly #grants = new Map<number, () => RoleGrant>();
  /** A request in several messages, which all have the number of the first (OpenFlow 1.3.5, 7.3.5). */
  readonly #parts = new Map<Controller, { readonly xid: number; readonly number: number }>();
  #ofMaster = 0;
  #settling = false;

  constructor(
    private readonly out: Outlets,
    private readonly terms: Terms,
    private readonly table = new XidTable(),
  ) {}

  /** The switch has to answer before more is asked of it. */
  get full(): boolean {
    return this.table.full;
  }

  /** Requests that may still be answered. */
  get open(): number {
    return this.table.size;
  }

  /** One message of the switch's. */
  fromSwitch(bytes: Buffer, at: number, length: number): void {
    const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    if (isNews(version, type)) this.#spread(bytes, at, length);
    else if (type === Type.hello) this.out.pool.pass(bytes, at, length);
    else if (type === Type.echoRequest) {
      this.out.pool.pass(bytes, at, length);
      this.out.copy.pass(bytes, at, length);
    } else {
      const number = bytes.readUInt32BE(at + 4);
      const request = this.table.find(number);
      if (request === undefined) this.#unmatched(number, bytes, at, length);
      else this.#answered(number, request, bytes, at, length);
    }
  }

  /** One message of a controller's, to the switch or back to where it came from. */
  fromController(from: Controller, bytes: Buffer, at: number, length: number, now: number): void {
    const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    const kind = kindOf(version, type);
    if (kind === Kind.own) {
      // What the master controller says for its own connection's sake ends there.
      if (from === "pool") this.out.switch.pass(bytes, at, length);
      return;
    }
    if (from === "master" && (this.full || (!unanswered(kind) && this.#ofMaster >= mostOfMaster))) {
      this.counts.shed += 1;
      return;
    }
    const whole = () => bytes.subarray(at, at + length);
    if (kind === Kind.role && this.terms.writes) this.#askRole(from, whole(), now);
    else if (kind === Kind.setAsync) this.#setAsync(from, whole(), now);
    else if (kind === Kind.getAsync && this.#async.isSet)
      this.#tell(
        from,
        message(version, later.getAsyncReply, xidAt(bytes, at), this.#async.told(from, version)),
      );
    else if (isChange(kind) && this.#roles.of(from) === Role.slave) this.#refuse(from, whole(), "isSlave");
    else this.#pass(from, kind, bytes, at, length, now);
  }

  /** Sees to it that what only a barrier closes does not wait for one for ever. */
  settle(version: number, now: number): void {
    if (this.#settling || this.table.unanswered < barrierAfter) return;
    this.#settling = true;
    const number = this.table.add("multiplexer", Kind.barrier, 0, now);
    this.out.switch.say(message(version, typesOf(version).barrierRequest, number));
  }

  tick(now: number): void {
    for (const [number, request] of this.table.expire(now)) {
      this.counts.expired += 1;
      this.#closed(number, request);
    }
  }

  /** The master controller went: what it asked is answered to nobody, and the next one begins anew. */
  leave(): void {
    this.#roles.leave("master");
    this.#async.leave("master");
    this.#parts.delete("master");
    this.table.disown("master");
    this.#ofMaster = 0;
  }

  #spread(bytes: Buffer, at: number, length: number): void {
    const wants = (controller: Controller) =>
      this.#async.wants(controller, this.#roles.of(controller) === Role.slave, bytes, at, length);
    if (wants("pool")) this.out.pool.pass(bytes, at, length);
    if (wants("master")) this.out.copy.pass(bytes, at, length);
  }

  /** Nobody asked, or long ago. What was numbered here is for nobody then; what has no number is no answer. */
  #unmatched(number: number, bytes: Buffer, at: number, length: number): void {
    if (number === 0 || !this.table.wasGiven(number)) this.#toPool(bytes, at, length);
    else this.counts.unmatched += 1;
  }

  #answered(number: number, request: Request, bytes: Buffer, at: number, length: number): void {
    const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    const grant = this.#grants.get(number);
    bytes.writeUInt32BE(request.xid, at + 4);
    if (type === Type.error) requote(bytes, at, length, number, request.xid);
    if (type !== typesOf(version).multipartReply || !goesOn(bytes, at, length)) {
      this.table.close(number);
      this.#closed(number, request);
    }
    if (grant !== undefined && type === later.roleReply) this.#granted(request, version, grant());
    else if (request.party === "pool") this.#toPool(bytes, at, length);
    else if (request.party === "master") this.out.master.pass(bytes, at, length);
  }

  #toPool(bytes: Buffer, at: number, length: number): void {
    this.out.pool.pass(bytes, at, length);
    if (this.terms.hearsAll) this.out.copy.pass(bytes, at, length);
  }

  #closed(number: number, { party, kind }: Request): void {
    this.#grants.delete(number);
    if (party === "master" && !unanswered(kind)) this.#ofMaster -= 1;
    if (party === "multiplexer" && kind === Kind.barrier) this.#settling = false;
  }

  #pass(from: Controller, kind: Kind, bytes: Buffer, at: number, length: number, now: number): void {
    const number = this.#number(from, kind, bytes, at, length, now);
    bytes.writeUInt32BE(number, at + 4);
    // An added message has to have the number of what adds it.
    if (kind === Kind.bundleAdd && length >= addedXid + 4) bytes.writeUInt32BE(number, at + addedXid);
    this.out.switch.pass(bytes, at, length);
  }

  #number(from: Controller, kind: Kind, bytes: Buffer, at: number, length: number, now: number): number {
    const xid = xidAt(bytes, at);
    const begun = this.#parts.get(from);
    if (kind !== Kind.multipart) return this.#add(from, kind, xid, now);
    const isBegun = begun?.xid === xid && this.table.find(begun.number) !== undefined;
    const number = isBegun ? begun.number : this.#add(from, kind, xid, now);
    if (goesOn(bytes, at, length)) this.#parts.set(from, { xid, number });
    else this.#parts.delete(from);
    return number;
  }

  #add(from: Controller, kind: Kind, xid: number, now: number): number {
    if (from === "master" && !unanswered(kind)) this.#ofMaster += 1;
    return this.table.add(from, kind, xid, now);
  }

  #askRole(from: Controller, request: Buffer, now: number): void {
    const outcome = this.#roles.ask(from, request.subarray(8));
    const [version, xid] = [request.readUInt8(0), xidAt(request, 0)];
    if (outcome.kind === "refused") this.#refuse(from, request, outcome.why);
    else if (outcome.kind === "told") this.#tell(from, message(version, later.roleReply, xid, outcome.body));
    else {
      const number = this.#add(from, Kind.role, xid, now);
      this.#grants.set(number, outcome.grant);
      this.out.switch.say(message(version, later.roleRequest, number, outcome.body));
    }
  }

  #granted(request: Request, version: number, { body, deposed }: RoleGrant): void {
    if (request.party !== "multiplexer")
      this.#tell(request.party, message(version, later.roleReply, request.xid, body));
    if (deposed !== null && version >= 5)
      this.#tell(deposed, message(version, later.roleStatus, 0, deposition(body)));
  }

  #setAsync(from: Controller, request: Buffer, now: number): void {
    const version = request.readUInt8(0);
    const body = this.#async.set(from, version, request.subarray(8));
    if (body === null) this.#refuse(from, request, "badLength");
    else
      this.out.switch.say(
        message(version, later.setAsync, this.#add(from, Kind.setAsync, xidAt(request, 0), now), body),
      );
  }

  #refuse(from: Controller, request: Buffer, why: RefusalName): void {
    this.#tell(from, refusal(request.readUInt8(0), request, why));
  }

  #tell(controller: Controller, bytes: Buffer): void {
    this.out[controller].say(bytes);
  }
}

const xidAt = (bytes: Buffer, at: number): number => bytes.readUInt32BE(at + 4);

/** What a slave may not do (OpenFlow 1.3.5, 6.3.4). */
const isChange = (kind: Kind): boolean => kind === Kind.write || kind === Kind.bundleAdd;

/** An error quotes the request, whose number is the asker's there, too (OpenFlow 1.3.5, 7.4.4). An experimenter's has a longer head. */
function requote(bytes: Buffer, at: number, length: number, number: number, xid: number): void {
  const quoted = at + (length >= 10 && bytes.readUInt16BE(at + 8) === 0xffff ? 16 : 12) + 4;
  if (quoted + 4 <= at + length && bytes.readUInt32BE(quoted) === number) bytes.writeUInt32BE(xid, quoted);
}
