import { headerLength } from "./header.js";
import { message } from "./message.js";
import { typesOf } from "./message-type.js";

/** ofp_multipart_type (OpenFlow 1.3.5, 7.3.5); 1.0 calls them statistics and has no PORT_DESC. */
export const Multipart = { desc: 0, portDesc: 13 } as const;

/** OFPMPF_REQ_MORE, OFPMPF_REPLY_MORE. */
const more = 1;

/** Whether more messages of the same request, or answer, follow the multipart message at `at`. */
export const goesOn = (bytes: Buffer, at: number, length: number): boolean =>
  length >= headerLength + 4 && (bytes.readUInt16BE(at + headerLength + 2) & more) !== 0;

/** Whether the multipart message at `at` is an experimenter's (OFPMP_EXPERIMENTER; OFPST_VENDOR in 1.0). */
export const isExperimenterMultipart = (bytes: Buffer, at: number, length: number): boolean =>
  length >= headerLength + 2 && bytes.readUInt16BE(at + headerLength) === 0xffff;

/** type, flags, and from 1.3 on four bytes of padding. */
const headLength = (version: number): number => (version === 1 ? 4 : 8);

export interface Part {
  readonly type: number;
  readonly more: boolean;
  readonly body: Buffer;
}

/** What a multipart message carries, from its body; null where it is cut short. */
export function partIn(version: number, body: Buffer): Part | null {
  const head = headLength(version);
  if (body.length < head) return null;
  return {
    type: body.readUInt16BE(0),
    more: (body.readUInt16BE(2) & more) !== 0,
    body: body.subarray(head),
  };
}

/** A reply of several messages, each with one of the bodies. */
export function replies(version: number, type: number, xid: number, bodies: readonly Buffer[]): Buffer {
  const head = headLength(version);
  return Buffer.concat(
    bodies.map((body, index) => {
      const whole = Buffer.alloc(head + body.length);
      whole.writeUInt16BE(type, 0);
      whole.writeUInt16BE(index < bodies.length - 1 ? more : 0, 2);
      body.copy(whole, head);
      return message(version, typesOf(version).multipartReply, xid, whole);
    }),
  );
}
