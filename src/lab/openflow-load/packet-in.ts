import { headerLength } from "../../mirror/openflow/header.js";
import { message } from "../../mirror/openflow/message.js";
import { Type } from "../../mirror/openflow/message-type.js";

/** What a frame carries behind its Ethernet header: a number, and when it was sent, in units of 10 microseconds modulo 2^32. */
export interface Mark {
  readonly number: number;
  readonly time: number;
}

/** "For experiments at home" (IEEE 802, Local Experimental Ethertype 1): no frame of anybody's else has it. */
const etherType = 0x88b5;
const ethernet = 14;
const markLength = 8;

/** Bytes before the frame: buffer_id, total_len, in_port, reason (1.0.0, 5.4.1); with a match of one field (1.3.5, 7.4.1). */
const before = (version: number): number => headerLength + (version === 1 ? 10 : 34);

/** Bytes of the smallest message: 64 of 1.3. */
export const leastLength = (version: number): number => before(version) + ethernet + markLength;

/** The answer names this, so that it is known which message it answers (and is no OFP_NO_BUFFER). */
export const bufferOf = (number: number): number => number & 0x7fffffff;

/** A PACKET_IN of so many bytes without a mark. */
export function packetInTemplate(version: number, length: number, source: number): Buffer {
  if (length < leastLength(version) || length > 65_535)
    throw new Error(`a PACKET_IN has ${leastLength(version)} to 65535 bytes`);
  const at = before(version);
  const bytes = message(version, Type.packetIn, 0, Buffer.alloc(length - headerLength));
  bytes.writeUInt16BE(length - at, 12);
  if (version === 1) bytes.writeUInt16BE(1, 14);
  else {
    // OFPMT_OXM of 12 bytes: OXM_OF_IN_PORT, port 1.
    bytes.writeUInt32BE(0x0001000c, 24);
    bytes.writeUInt32BE(0x80000004, 28);
    bytes.writeUInt32BE(1, 32);
  }
  bytes.write("020000000001", at, "hex");
  bytes.writeUInt16BE(0x0200, at + 6);
  bytes.writeUInt32BE(source >>> 0, at + 8);
  bytes.writeUInt16BE(etherType, at + 12);
  return bytes;
}

/** Turns a copy of the template, at `place`, into the message with this mark. */
export function mark(bytes: Buffer, place: number, version: number, { number, time }: Mark): void {
  bytes.writeUInt32BE(number >>> 0, place + 4);
  bytes.writeUInt32BE(bufferOf(number), place + headerLength);
  writeMark(bytes, place + before(version) + ethernet, number, time);
}

function writeMark(bytes: Buffer, at: number, number: number, time: number): void {
  bytes.writeUInt32BE(number >>> 0, at);
  bytes.writeUInt32BE(time >>> 0, at + 4);
}

/** The mark of a PACKET_IN; null where it carries something else. */
export const markIn = (version: number, bytes: Buffer): Mark | null => markOfFrame(bytes, before(version));

/** The mark of a frame that begins at `at`. */
export function markOfFrame(bytes: Buffer, at: number): Mark | null {
  if (at + ethernet + markLength > bytes.length || bytes.readUInt16BE(at + 12) !== etherType) return null;
  return { number: bytes.readUInt32BE(at + ethernet), time: bytes.readUInt32BE(at + ethernet + 4) };
}
