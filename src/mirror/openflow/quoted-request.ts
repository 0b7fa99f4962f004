import { headerLength } from "./header.js";
import { xidOf } from "./message.js";

/** Error types with a longer head: an experimenter's (OpenFlow 1.3.5, 7.4.4), and Nicira's for 1.0 and 1.1 (nicira-ext.h, NXET_VENDOR). */
const [experimenter, vendor] = [0xffff, 0xb0c2];

/** Bytes of an ERROR before what it quotes: header, type, code, and what those have between. */
function headOf(type: number): number {
  if (type === experimenter) return headerLength + 8;
  return type === vendor ? headerLength + 12 : headerLength + 4;
}

/** Where the number (xid) of the request stands that the ERROR at `at` quotes (OpenFlow 1.3.5, 7.4.4); null where it quotes too little. */
function quotedXidAt(bytes: Buffer, at: number, length: number): number | null {
  if (length < headerLength + 4) return null;
  const place = at + headOf(bytes.readUInt16BE(at + headerLength)) + 4;
  return place + 4 <= at + length ? place : null;
}

/** An error quotes the request, whose number is the asker's there, too. */
export function requote(bytes: Buffer, at: number, length: number, number: number, xid: number): void {
  const quoted = quotedXidAt(bytes, at, length);
  if (quoted !== null && bytes.readUInt32BE(quoted) === number) bytes.writeUInt32BE(xid, quoted);
}

/** An ERROR quotes a request as it was said, as far as it quotes it. */
export function quoteAs(error: Buffer, said: Buffer): void {
  const quoted = quotedXidAt(error, 0, error.length);
  if (quoted !== null && error.readUInt32BE(quoted) === xidOf(said)) said.copy(error, quoted - 4);
}
