import { Type } from "./message-type.js";
import { greatestType } from "./version.js";

/** version, type, length, xid (OpenFlow 1.3.5, 7.1.1). */
export const headerLength = 8;
/** A length has 16 bits. */
export const longest = 65_535;

/**
 * Whether a message of this stream may begin here; eight bytes have to be there.
 * @param version that of the stream; 0 while it is not known. A HELLO may have any.
 */
export function mayBegin(bytes: Buffer, at: number, version: number): boolean {
  const [written, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
  if (type > greatestType(written) || greatestType(written) === 0) return false;
  if (version !== 0 && written !== version && type !== Type.hello) return false;
  return bytes.readUInt16BE(at + 2) >= headerLength;
}

export const lengthAt = (bytes: Buffer, at: number): number => bytes.readUInt16BE(at + 2);
