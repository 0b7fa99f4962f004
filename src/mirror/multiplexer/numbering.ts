import { bundleAdd, controlledBundle, isBundleOver } from "../openflow/bundle.js";
import { Type } from "../openflow/message-type.js";
import { goesOn } from "../openflow/multipart.js";
import { requote } from "../openflow/quoted-request.js";
import { Kind } from "../openflow/request-kind.js";
import { Bundles } from "./bundles.js";
import { Experimenters } from "./experimenters.js";
import { RequestParts } from "./request-parts.js";
import type { Controller, Request, XidTable } from "./xid-table.js";

/** Under which number the switch hears a controller's request, and which number of his that is, where it is not as simple as one request, one number, one answer. */
export class Numbering {
  /** A request in several messages, which all have the number of the first (OpenFlow 1.3.5, 7.3.5). */
  readonly #parts = new RequestParts();
  readonly #bundles = new Bundles();
  readonly #experimenters = new Experimenters();

  constructor(private readonly table: XidTable) {}

  /** Requests that may still be answered. */
  get open(): number {
    return this.table.size + this.#bundles.size;
  }

  /** Gives the request at `at` a number. @returns whether it may go to the switch: not behind a first part that was shed */
  give(from: Controller, kind: Kind, bytes: Buffer, at: number, length: number, now: number): boolean {
    const number = this.#numberOf(from, kind, bytes, at, length, now);
    if (number !== null) bytes.writeUInt32BE(number, at + 4);
    return number !== null;
  }

  /** Whether the switch has the beginning of this request. */
  goesOn(from: Controller, request: Buffer, at: number): boolean {
    return this.#parts.goesOn(from, xidAt(request, at));
  }

  /** The switch does not hear this part of a request. */
  shed(from: Controller, request: Buffer): void {
    this.#parts[goesOn(request, 0, request.length) ? "shed" : "end"](from, xidAt(request, 0));
  }

  /** What whoever asked called it; undefined where nobody did, or it cannot fail any more. */
  xidOf(number: number): number | undefined {
    return this.table.find(number)?.xid ?? this.#bundles.xidOf(number);
  }

  /** An answer, or what it quotes, has the number that whoever asked gave it. */
  restore(number: number, xid: number, bytes: Buffer, at: number, length: number): void {
    bytes.writeUInt32BE(xid, at + 4);
    if (bytes.readUInt8(at + 1) === Type.error) requote(bytes, at, length, number, xid);
  }

  /** A request was answered: if it was a bundle's last one, that is over. Whatever fails but an addition discards its bundle (OpenFlow 1.4.1, 7.3.9). */
  answered(number: number, { bundle }: Request, bytes: Buffer, at: number, length: number): void {
    if (bundle !== null && (bytes.readUInt8(at + 1) === Type.error || isBundleOver(bytes, at, length)))
      this.#bundles.end(bundle, number);
  }

  /**
   * An experimenter's message, which may answer a request, as often as it likes, or be said unasked, under any number
   * (OpenFlow 1.3.5, 6.1.3).
   */
  heardExperimenter(number: number, bytes: Buffer, at: number, length: number): void {
    const request = this.table.find(number);
    const asked = request?.kind === Kind.experimenter ? request.xid : undefined;
    const xid = request === undefined ? this.#experimenters.xidOf(number) : asked;
    if (xid === undefined) return;
    this.#experimenters.answers(number, xid);
    this.restore(number, xid, bytes, at, length);
    if (isBundleOver(bytes, at, length)) this.#bundles.end(controlledBundle(bytes, at, length) ?? 0, number);
  }

  tick(now: number): void {
    this.#bundles.tick(now);
    this.#parts.tick((number) => this.table.find(number) !== undefined);
  }

  leave(controller: Controller): void {
    this.#parts.leave(controller);
    this.table.disown(controller);
  }

  #numberOf(
    from: Controller,
    kind: Kind,
    bytes: Buffer,
    at: number,
    length: number,
    now: number,
  ): number | null {
    const xid = xidAt(bytes, at);
    if (kind === Kind.multipart) return this.#numberOfPart(from, xid, goesOn(bytes, at, length), now);
    // These alone speak of bundles.
    if (kind !== Kind.bundleAdd && kind !== Kind.experimenter && kind !== Kind.question)
      return this.table.add(from, kind, xid, now);
    const added = bundleAdd(bytes, at, length);
    const bundle = added?.bundle ?? controlledBundle(bytes, at, length);
    const number = added === null ? this.table.add(from, kind, xid, now, bundle) : this.table.give();
    // An added message has to have the number of what adds it.
    if (added !== null) bytes.writeUInt32BE(number, added.xidAt);
    else if (kind === Kind.experimenter) this.#experimenters.asked(number, xid);
    if (bundle !== null) this.#bundles.add(bundle, number, xid, now);
    return number;
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
}

const xidAt = (bytes: Buffer, at: number): number => bytes.readUInt32BE(at + 4);
