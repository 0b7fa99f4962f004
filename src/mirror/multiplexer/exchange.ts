import { bundleAdd, controlledBundle, isBundleOver } from "../openflow/bundle.js";
import { asksForUpdates, renumberUpdates } from "../openflow/flow-updates.js";
import { message, refusal } from "../openflow/message.js";
import { Type, typesOf } from "../openflow/message-type.js";
import { goesOn, isExperimenterMultipart } from "../openflow/multipart.js";
import { requote } from "../openflow/quoted-request.js";
import { isNews, Kind, kindOf } from "../openflow/request-kind.js";
import { Authority } from "./authority.js";
import type { Outlet } from "./outlet.js";
import { RequestParts } from "./request-parts.js";
import { type Controller, mostOpen, type Party, type Request, unanswered, XidTable } from "./xid-table.js";

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

/**
 * Who hears what on a connection to a switch that two controllers share (OpenFlow 1.3.5, 6.3.4). Every request goes out
 * under a number of its own, and what answers it comes back to whoever asked, under the number that he gave it; what the
 * switch says unasked goes to both, as far as each wants to hear it. Numbers are written into the bytes that are given.
 */
export class Exchange {
  readonly counts = { unmatched: 0, shed: 0, expired: 0 };
  readonly #authority: Authority;
  /** A request in several messages, which all have the number of the first (OpenFlow 1.3.5, 7.3.5). */
  readonly #parts = new RequestParts();
  /** The number of the multiplexer's own barrier; null while there is none. */
  #settling: number | null = null;

  constructor(
    private readonly out: Outlets,
    private readonly terms: Terms,
    private readonly table = new XidTable(),
  ) {
    const desk = {
      ask: (from: Party, kind: Kind, request: Buffer, now: number) => this.#ask(from, kind, request, now),
      isOpen: (number: number) => this.table.find(number) !== undefined,
      tell: (controller: Controller, bytes: Buffer) => this.out[controller].say(bytes),
    };
    this.#authority = new Authority(desk, terms.writes);
  }

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
    if (isNews(version, type)) this.#spread(bytes, at, length, now);
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
      this.#forbid(whole());
      return;
    }
    if (from === "master" && this.#isTooMuch(kind) && !this.#parts.goesOn(from, xidAt(bytes, at))) {
      this.shed(whole());
      return;
    }
    if (!this.#authority.takes(from, kind, bytes, at, length, now))
      this.#pass(from, kind, bytes, at, length, now);
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
    if (kindOf(version, type) === Kind.multipart)
      this.#parts[goesOn(request, 0, request.length) ? "shed" : "end"]("master", xidAt(request, 0));
    this.#forbid(request);
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
    this.#authority.leave();
    this.#parts.leave("master");
    this.table.disown("master");
  }

  #spread(bytes: Buffer, at: number, length: number, now: number): void {
    for (const controller of this.#authority.audience(bytes, at, length, now))
      this.out[controller === "pool" ? "pool" : "copy"].pass(bytes, at, length);
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
    bytes.writeUInt32BE(request.xid, at + 4);
    if (type === Type.error) requote(bytes, at, length, number, request.xid);
    const isTold = this.#authority.answered(number, request, bytes, at, length, now);
    if (type === typesOf(version).multipartReply && goesOn(bytes, at, length)) this.table.renew(number, now);
    // An experimenter may answer as often as it likes.
    else if (request.kind !== Kind.experimenter || type === Type.error) {
      this.table.close(number);
      this.#closed(number);
    }
    if (type === typesOf(version).barrierReply) this.table.passed(number);
    if (isBundleOver(bytes, at, length))
      this.table.unbundle(request.party, controlledBundle(bytes, at, length) ?? 0);
    if (isTold) return;
    if (request.party === "pool") this.#toPool(bytes, at, length);
    else if (request.party === "master") this.out.master.pass(bytes, at, length);
  }

  #toPool(bytes: Buffer, at: number, length: number): void {
    this.out.pool.pass(bytes, at, length);
    if (this.terms.hearsAll) this.out.copy.pass(bytes, at, length);
  }

  #closed(number: number): void {
    this.#authority.closed(number);
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

  #ask(from: Party, kind: Kind, request: Buffer, now: number): number {
    const number = this.table.add(from, kind, xidAt(request, 0), now);
    request.writeUInt32BE(number, 4);
    this.out.switch.say(request);
    return number;
  }

  #forbid(request: Buffer): void {
    this.out.master.say(refusal(request.readUInt8(0), request, "notPermitted"));
  }
}

const xidAt = (bytes: Buffer, at: number): number => bytes.readUInt32BE(at + 4);

/** What the master controller could only ask for on a connection of its own: what has no number to find it by, and what sets the connection up. */
const isPoolsAlone = (kind: Kind, bytes: Buffer, at: number, length: number): boolean =>
  kind === Kind.experimenter ||
  kind === Kind.bundleAdd ||
  controlledBundle(bytes, at, length) !== null ||
  (kind === Kind.multipart &&
    (asksForUpdates(bytes, at, length) || isExperimenterMultipart(bytes, at, length)));
