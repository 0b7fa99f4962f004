import { ip } from "../../topology/cluster-addresses.js";

/** One end of a TCP session. */
export interface End {
  readonly address: string;
  readonly port: number;
}

/** A way through the network, of one family. */
export interface Flow {
  readonly from: End;
  readonly to: End;
}

const [ack, wholeWindow, hops, tcp] = [0x10, 0xffff, 64, 6];
const tcpHeader = 20;

/**
 * A whole IP packet: a TCP segment (RFC 9293, 3.1) with ACK and nothing else, as if `from` had sent it. Whoever holds
 * the session's other end answers a sequence number that cannot be with its own, true numbers (RFC 9293, 3.10.7.4); from
 * them a kernel without the session makes the reset that the holder believes (RFC 5961, 3.2).
 *
 * @param sequence 0 to 2^32 - 1; one drawn by chance lies within the session's window once in some ten thousand times
 */
export function bareAck({ from, to }: Flow, sequence: number): Buffer {
  const [source, target] = [addressBytes(from.address), addressBytes(to.address)];
  const segment = Buffer.alloc(tcpHeader);
  segment.writeUInt16BE(from.port, 0);
  segment.writeUInt16BE(to.port, 2);
  segment.writeUInt32BE(sequence, 4);
  segment.writeUInt16BE(((tcpHeader / 4) << 12) | ack, 12);
  segment.writeUInt16BE(wholeWindow, 14);
  // The pseudo-header of either family sums to the same (RFC 9293, 3.1; RFC 8200, 8.1).
  segment.writeUInt16BE(checksum(source, target, Buffer.from([0, tcp, 0, tcpHeader]), segment), 16);
  const header = source.length === 4 ? header4(source, target) : header6(source, target);
  return Buffer.concat([header, segment]);
}

/** RFC 791, 3.1: no options, not to be fragmented. */
function header4(source: Buffer, target: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(header.length + tcpHeader, 2);
  header.writeUInt16BE(0x4000, 6);
  header.writeUInt8(hops, 8);
  header.writeUInt8(tcp, 9);
  source.copy(header, 12);
  target.copy(header, 16);
  header.writeUInt16BE(checksum(header), 10);
  return header;
}

/** RFC 8200, 3. */
function header6(source: Buffer, target: Buffer): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(tcpHeader, 4);
  header.writeUInt8(tcp, 6);
  header.writeUInt8(hops, 7);
  source.copy(header, 8);
  target.copy(header, 24);
  return header;
}

/** RFC 1071: the ones' complement of the sum of all 16-bit words; every part has an even length. */
function checksum(...parts: readonly Buffer[]): number {
  let sum = 0;
  for (const part of parts)
    for (let place = 0; place < part.length; place += 2) sum += part.readUInt16BE(place);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** In network order. */
function addressBytes(text: string): Buffer {
  const { family, value } = ip(text);
  const digits = family === 4 ? 8 : 32;
  return Buffer.from(value.toString(16).padStart(digits, "0"), "hex");
}
