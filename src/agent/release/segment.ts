import { addressBytes } from "../../packet/address.js";
import { checksum, pseudoHeader } from "../../packet/checksum.js";
import { ipHeader, protocols } from "../../packet/ip.js";

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

const [ack, wholeWindow] = [0x10, 0xffff];
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
  segment.writeUInt16BE(checksum(pseudoHeader(source, target, protocols.tcp, tcpHeader), segment), 16);
  return Buffer.concat([ipHeader(source, target, protocols.tcp, tcpHeader), segment]);
}
