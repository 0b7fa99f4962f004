import { controlledBundle } from "../openflow/bundle.js";
import { asksForUpdates, renumberUpdates } from "../openflow/flow-updates.js";
import { refusal, xidOf } from "../openflow/message.js";
import { Type, typesOf } from "../openflow/message-type.js";
import { goesOn, isExperimenterMultipart } from "../openflow/multipart.js";
import { isNews, Kind, kindOf, mayAnswer } from "../openflow/request-kind.js";
import type { ExchangeCounts } from "../report.js";
import { Authority } from "./authority.js";
import { Numbering } from "./numbering.js";
import type { Outlet } from "./outlet.js";
import { isFull, isMasterFull, isTooMuch } from "./quotas.js";
import { Settling } from "./settling.js";
import { type Controller, type Party, type Request, unanswered, XidTable } from "./xid-table.js";

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

/**
 * Who hears what on a connection to a switch that two controllers share (OpenFlow 1.3.5, 6.3.4). Every request goes out
 * under a number of its own, and what answers it comes back to whoever asked, under the number that he gave it; what the
 * switch says unasked goes to both, as far as each wants to hear it. Numbers are written into the bytes that are given.
 */
export class Exchange {
  readonly #counts = { unmatched: 0, shed: 0, expired: 0 };
  readonly #authority: Authority;
  readonly #numbering: Numbering;
  readonly #settling: Settling;

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
    this.#numbering = new Numbering(table);
    this.#settling = new Settling(table, out.switch);
  }

  /** The switch has to answer before the pool's controller asks more of it. */
  get full(): boolean {
    return isFull(this.table);
  }

  /** Nor the master controller; what it asks then is refused. */
  get masterFull(): boolean {
    return isMasterFull(this.table);
  }

  /** Requests that may still be answered. */
  get open(): number {
    return this.#numbering.open;
  }

  get counts(): ExchangeCounts {
    return { ...this.#counts };
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
      if (type === Type.experimenter) {
        // Whatever it answers is the pool's: the master controller has no such request.
        this.#numbering.heardExperimenter(number, bytes, at, length);
        this.#toPool(bytes, at, length);
      } else if (request === undefined || !mayAnswer(request.kind, version, type))
        this.#unmatched(number, bytes, at, length);
      else this.#answered(number, request, bytes, at, length, now);
    }
  }

  /** One message of a controller's, to the switch or back to where it came from. @returns whether the switch was told */
  fromController(from: Controller, bytes: Buffer, at: number, length: number, now: number): boolean {
    const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    const kind = kindOf(version, type);
    if (kind === Kind.own) {
      // What the master controller says for its own connection's sake ends there.
      if (from === "pool") this.#passOwn(type, bytes, at, length, now);
      return from === "pool";
    }
    const whole = () => bytes.subarray(at, at + length);
    if (from === "master" && isPoolsAlone(kind, bytes, at, length)) {
      this.#forbid(whole());
      return false;
    }
    if (from === "master" && isTooMuch(this.table, kind) && !this.#numbering.goesOn(from, bytes, at)) {
      this.shed(whole());
      return false;
    }
    const fate = this.#authority.takes(from, kind, bytes, at, length, now);
    return fate === null ? this.#pass(from, kind, bytes, at, length, now) : fate === "asked";
  }

  /** What only a barrier closes does not wait for one for long. @param version the session's; 0 while it is not known */
  settle(version: number, now: number): void {
    this.#settling.settle(version, now);
  }

  /** One message of the master controller's that the switch does not get now. It hears so, lest a barrier behind it confirm it. */
  shed(request: Buffer): void {
    this.#counts.shed += 1;
    const [version, type] = [request.readUInt8(0), request.readUInt8(1)];
    if (kindOf(version, type) === Kind.multipart) this.#numbering.shed("master", request);
    this.#forbid(request);
  }

  tick(now: number): void {
    for (const [number] of this.table.expire(now)) {
      this.#counts.expired += 1;
      this.#closed(number, false);
    }
    this.#numbering.tick(now);
  }

  /** A master controller is there. @param version that the switch speaks */
  come(version: number, now: number): void {
    this.#authority.come(version, now);
  }

  /** The master controller went: what it asked is answered to nobody, and the next one begins anew. */
  leave(version: number, now: number): void {
    this.#authority.leave(version, now);
    this.#numbering.leave("master");
  }

  #spread(bytes: Buffer, at: number, length: number, now: number): void {
    for (const controller of this.#authority.audience(bytes, at, length, now))
      this.out[controller === "pool" ? "pool" : "copy"].pass(bytes, at, length);
  }

  /** Nobody asked, or long ago. What was numbered here is for nobody then; what has no number is no answer. */
  #unmatched(number: number, bytes: Buffer, at: number, length: number): void {
    const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    // What waits in a bundle is open in its own way.
    const added = type === Type.error ? this.#numbering.xidOf(number) : undefined;
    if (number === 0 && type === typesOf(version).multipartReply)
      renumberUpdates(bytes, at, length, (xid) => this.#numbering.xidOf(xid) ?? xid);
    if (added !== undefined) this.#numbering.restore(number, added, bytes, at, length);
    if (added !== undefined || number === 0 || !this.table.wasGiven(number)) this.#toPool(bytes, at, length);
    else this.#counts.unmatched += 1;
  }

  #answered(number: number, request: Request, bytes: Buffer, at: number, length: number, now: number): void {
    const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    this.#numbering.restore(number, request.xid, bytes, at, length);
    const isTold = this.#authority.answered(number, request, bytes, at, length, now);
    const isPassed = type === typesOf(version).barrierReply;
    if (type === typesOf(version).multipartReply && goesOn(bytes, at, length)) this.table.renew(number, now);
    else if (type === Type.error || !unanswered(request.kind)) {
      this.table.close(number);
      this.#closed(number, isPassed);
    }
    if (isPassed) this.table.passed(number);
    this.#numbering.answered(number, request, bytes, at, length);
    if (isTold) return;
    if (request.party === "pool") this.#toPool(bytes, at, length);
    else if (request.party === "master") this.out.master.pass(bytes, at, length);
  }

  #toPool(bytes: Buffer, at: number, length: number): void {
    this.out.pool.pass(bytes, at, length);
    if (this.terms.hearsAll) this.out.copy.pass(bytes, at, length);
  }

  #closed(number: number, isPassed: boolean): void {
    this.#authority.closed(number);
    this.#settling.closed(number, isPassed);
  }

  /** Greetings and answers keep their number, unless it could be taken for one of ours when the switch refuses them. */
  #passOwn(type: number, bytes: Buffer, at: number, length: number, now: number): void {
    if (type === Type.echoReply || type === Type.error || this.table.isFresh)
      this.out.switch.pass(bytes, at, length);
    else this.#pass("pool", Kind.write, bytes, at, length, now);
  }

  /** @returns false where a part of it was shed, and so is the rest */
  #pass(from: Controller, kind: Kind, bytes: Buffer, at: number, length: number, now: number): boolean {
    const isNumbered = this.#numbering.give(from, kind, bytes, at, length, now);
    if (isNumbered) this.out.switch.pass(bytes, at, length);
    else this.shed(bytes.subarray(at, at + length));
    return isNumbered;
  }

  #ask(from: Party, kind: Kind, request: Buffer, now: number): number {
    const number = this.table.add(from, kind, xidOf(request), now);
    request.writeUInt32BE(number, 4);
    this.out.switch.say(request);
    return number;
  }

  #forbid(request: Buffer): void {
    this.out.master.say(refusal(request.readUInt8(0), request, "notPermitted"));
  }
}

/** What the master controller could only ask for on a connection of its own: what has no number to find it by, and what sets the connection up. */
const isPoolsAlone = (kind: Kind, bytes: Buffer, at: number, length: number): boolean =>
  kind === Kind.experimenter ||
  kind === Kind.bundleAdd ||
  controlledBundle(bytes, at, length) !== null ||
  (kind === Kind.multipart &&
    (asksForUpdates(bytes, at, length) || isExperimenterMultipart(bytes, at, length)));
