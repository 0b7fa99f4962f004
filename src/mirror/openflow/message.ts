import { headerLength } from "./header.js";
import { Type } from "./message-type.js";

/** A message of this version (OpenFlow 1.3.5, 7.1.1). */
export function message(version: number, type: number, xid: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(headerLength + body.length);
  bytes.writeUInt8(version, 0);
  bytes.writeUInt8(type, 1);
  bytes.writeUInt16BE(bytes.length, 2);
  bytes.writeUInt32BE(xid, 4);
  body.copy(bytes, headerLength);
  return bytes;
}

export const xidOf = (bytes: Buffer): number => bytes.readUInt32BE(4);
export const bodyOf = (bytes: Buffer): Buffer => bytes.subarray(headerLength);

/** The same message as an answer to somebody else's request. */
export function withXid(bytes: Buffer, xid: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(xid, 4);
  return copy;
}

/** ofp_error_type and its codes (OpenFlow 1.3.5, 7.4.4; 1.0.0, 5.4.4). */
export const Refusal = {
  helloIncompatible: { type: 0, code: 0 },
  badType: { type: 1, code: 1 },
  badMultipart: { type: 1, code: 2 },
  badExperimenter: { type: 1, code: 3 },
  notPermitted: { type: 1, code: 5 },
  badLength: { type: 1, code: 6 },
  isSlave: { type: 1, code: 10 },
  staleRole: { type: 11, code: 0 },
  badRole: { type: 11, code: 2 },
} as const;

export type RefusalName = keyof typeof Refusal;

/** At least 64 bytes of what is refused have to be in it, where it has that many. */
const quoted = 64;

export function refusal(version: number, request: Buffer, name: RefusalName): Buffer {
  const { type, code } = Refusal[name];
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(code, 2);
  const body = Buffer.concat([head, request.subarray(0, quoted)]);
  return message(version, Type.error, xidOf(request), body);
}
