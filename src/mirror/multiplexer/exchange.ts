import { bundleAdd, controlledBundle, isBundleOver } from "../openflow/bundle.js";
import { asksForUpdates, renumberUpdates } from "../openflow/flow-updates.js";
import { message, type RefusalName, refusal } from "../openflow/message.js";
import { Type, typesOf } from "../openflow/message-type.js";
import { goesOn, isExperimenterMultipart } from "../openflow/multipart.js";
import { quotedXidAt } from "../openflow/quoted-request.js";
import { isNews, Kind, kindOf } from "../openflow/request-kind.js";
import { deposition, Role } from "../openflow/role.js";
import { AsyncArbiter } from "./async-arbiter.js";
import type { Outlet } from "./outlet.js";
import { RequestParts } from "./request-parts.js";
import { RoleArbiter, type RoleGrant } from "./role-arbiter.js";
import { type Controller, mostOpen, type Request, unanswered, XidTable } from "./xid-table.js";

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

/** Of the master controller's: questions that may wait for the switch, and what only failing answers. */
const mostOfMaster = { questions: 256, unanswered: 4_096 };

/** Requests that only a barrier closes: behind so many of a controller's goes one of the multiplexer's own. */
const barrierAfter: Readonly<Record<Controller, number>> = { pool: 16_384, master: 1_024 };

/** Types from 1.2 on (OpenFlow 1.3.5, 7.1; 1.4.1, 7.1). */
const later = { roleRequest: 24, roleReply: 25, getAsyncReply: 27, setAsync: 28, roleStatus: 30 } as const;

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
  readonly #parts = new RequestParts();
  /** The number of the multiplexer's own barrier; null while there is none. */
  #settling: number | null = null;

  constructor(
    private readonly out: Outlets,
    private readonly terms: Terms,
    private readonly table = new XidTable(),
  ) {}

  /** The switch has to answer before the pool's controller asks more of it. */
  get full(): boolean {
    return this.table.of("pool").open >= mostOpen;
  }

  /** Requests that may still be answered. */
  get open(): number {
    return this.table.size;
  }

  /** One message of the switch's. */
  fromSwitch(bytes: Buffer, at: number, length: number, now: number): void {
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
      else this.#answered(number, request, bytes, at, length, now);
    }
  }

  /** One message of a controller's, to the switch or back to where it came from. */
  fromController(from: Controller, bytes: Buffer, at: number, length: number, now: number): void {
    const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    const kind = kindOf(version, type);
    if (kind === Kind.own) {
      // What the master controller says for its own connection's sake ends there.
      if (from === "pool") this.#passOwn(type, bytes, at, length, now);
      return;
    }
    const whole = () => bytes.subarray(at, at + length);
    if (from === "master" && isPoolsAlone(kind, bytes, at, length)) {
      this.#refuse(from, whole(), "notPermitted");
      return;
    }
    if (from === "master" && this.#isTooMuch(kind) && !this.#parts.goesOn(from, xidAt(bytes, at))) {
      this.shed(whole());
      return;
    }
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
    const isDue = (who: Controller) => this.table.of(who).unanswered >= barrierAfter[who];
    if (this.#settling !== null || !(isDue("pool") || isDue("master"))) return;
    this.#settling = this.table.add("multiplexer", Kind.barrier, 0, now);
    this.out.switch.say(message(version, typesOf(version).barrierRequest, this.#settling));
  }

  /** One message of the master controller's that the switch does not get now. It hears so, lest a barrier behind it confirm it. */
  shed(request: Buffer): void {
    this.counts.shed += 1;
    const [version, type] = [request.readUInt8(0), request.readUInt8(1)];
    if (kindOf(version, type) === Kind.multipart && goesOn(request, 0, request.length))
      this.#parts.shed("master", xidAt(request, 0));
    this.#refuse("master", request, "notPermitted");
  }

  tick(now: number): void {
    for (const [number] of this.table.expire(now)) {
      this.counts.expired += 1;
      this.#closed(number);
    }
    this.#parts.tick((number) => this.table.find(number) !== undefined);
  }

  /** The master controller went: what it asked is answered to nobody, and the next one begins anew. */
  leave(): void {
    this.#roles.leave("master");
    this.#async.leave("master");
    this.#parts.leave("master");
    this.table.disown("master");
  }

  #spread(bytes: Buffer, at: number, length: number): void {
    const wants = (controller: Controller) =>
      this.#async.wants(controller, this.#roles.of(controller) === Role.slave, bytes, at, length);
    if (wants("pool")) this.out.pool.pass(bytes, at, length);
    if (wants("master")) this.out.copy.pass(bytes, at, length);
  }

  /** Nobody asked, or long ago. What was numbered here is for nobody then; what has no number is no answer. */
  #unmatched(number: number, bytes: Buffer, at: number, length: number): void {
    if (number === 0 && bytes.readUInt8(at + 1) === typesOf(bytes.readUInt8(at)).multipartReply)
      renumberUpdates(bytes, at, length, (xid) => this.table.find(xid)?.xid ?? xid);
    if (number === 0 || !this.table.wasGiven(number)) this.#toPool(bytes, at, length);
    else this.counts.unmatched += 1;
  }

  #answered(number: number, request: Request, bytes: Buffer, at: number, length: number, now: number): void {
    const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    const grant = this.#grants.get(number);
    bytes.writeUInt32BE(request.xid, at + 4);
    if (type === Type.error) requote(bytes, at, length, number, request.xid);
    if (type === typesOf(version).multipartReply && goesOn(bytes, at, length)) this.table.renew(number, now);
    // An experimenter may answer as often as it likes.
    else if (request.kind !== Kind.experimenter || type === Type.error) {
      this.table.close(number);
      this.#closed(number);
    }
    if (type === typesOf(version).barrierReply) this.table.passed(number);
    if (isBundleOver(bytes, at, length))
      this.table.unbundle(request.party, controlledBundle(bytes, at, length) ?? 0);
    if (grant !== undefined && type === later.roleReply) this.#granted(request, version, grant());
    else if (request.party === "pool") this.#toPool(bytes, at, length);
    else if (request.party === "master") this.out.master.pass(bytes, at, length);
  }

  #toPool(bytes: Buffer, at: number, length: number): void {
    this.out.pool.pass(bytes, at, length);
    if (this.terms.hearsAll) this.out.copy.pass(bytes, at, length);
  }

  #closed(number: number): void {
    this.#grants.delete(number);
    if (number === this.#settling) this.#settling = null;
  }

  /** Greetings and answers keep their number, unless it could be taken for one of ours when the switch refuses them. */
  #passOwn(type: number, bytes: Buffer, at: number, length: number, now: number): void {
    if (type === Type.echoReply || type === Type.error || this.table.isFresh)
      this.out.switch.pass(bytes, at, length);
    else this.#pass("pool", Kind.write, bytes, at, length, now);
  }

  #isTooMuch(kind: Kind): boolean {
    const { open, unanswered: writes } = this.table.of("master");
    return unanswered(kind) ? writes >= mostOfMaster.unanswered : open - writes >= mostOfMaster.questions;
  }

  #pass(from: Controller, kind: Kind, bytes: Buffer, at: number, length: number, now: number): void {
    const added = bundleAdd(bytes, at, length);
    const xid = xidAt(bytes, at);
    const number =
      kind === Kind.multipart
        ? this.#numberOfPart(from, xid, goesOn(bytes, at, length), now)
        : this.table.add(from, kind, xid, now, added?.bundle);
    if (number === null) {
      this.shed(bytes.subarray(at, at + length));
      return;
    }
    bytes.writeUInt32BE(number, at + 4);
    // An added message has to have the number of what adds it.
    if (added !== null) bytes.writeUInt32BE(number, added.xidAt);
    this.out.switch.pass(bytes, at, length);
  }

  /** Null where the first part of the request was shed. */
  #numberOfPart(from: Controller, xid: number, more: boolean, now: number): number | null {
    const begun = this.#parts.find(from, xid);
    if (begun === "shed") return null;
    const number =
      begun !== null && this.table.find(begun) !== undefined
        ? begun
        : this.table.add(from, Kind.multipart, xid, now);
    if (more) this.#parts.begin(from, xid, number);
    else this.#parts.end(from, xid);
    return number;
  }

  #askRole(from: Controller, request: Buffer, now: number): void {
    const outcome = this.#roles.ask(from, request.subarray(8));
    const [version, xid] = [request.readUInt8(0), xidAt(request, 0)];
    if (outcome.kind === "refused") this.#refuse(from, request, outcome.why);
    else if (outcome.kind === "told") this.#tell(from, message(version, later.roleReply, xid, outcome.body));
    else {
      const number = this.table.add(from, Kind.role, xid, now);
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
        message(version, later.setAsync, this.table.add(from, Kind.setAsync, xidAt(request, 0), now), body),
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

/** What the master controller could only ask for on a connection of its own: what has no number to find it by, and what sets the connection up. */
const isPoolsAlone = (kind: Kind, bytes: Buffer, at: number, length: number): boolean =>
  kind === Kind.experimenter ||
  kind === Kind.bundleAdd ||
  controlledBundle(bytes, at, length) !== null ||
  (kind === Kind.multipart &&
    (asksForUpdates(bytes, at, length) || isExperimenterMultipart(bytes, at, length)));

/** An error quotes the request, whose number is the asker's there, too. */
function requote(bytes: Buffer, at: number, length: number, number: number, xid: number): void {
  const quoted = quotedXidAt(bytes, at, length);
  if (quoted !== null && bytes.readUInt32BE(quoted) === number) bytes.writeUInt32BE(xid, quoted);
}
