import type { Family } from "../topology/cluster.js";
import { checksum } from "./checksum.js";

export const protocols = { icmp: 1, tcp: 6, icmp6: 58, vrrp: 112 } as const;

/** An IP packet, as views of its bytes. */
export interface IpPacket {
  readonly family: Family;
  readonly protocol: number;
  readonly source: Buffer;
  readonly destination: Buffer;
  /** Whether `payload` is a later piece of a packet, without its beginning. */
  readonly continues: boolean;
  /** Behind the header. */
  readonly payload: Buffer;
}

/** RFC 791, 3.1; RFC 8200, 3, without extension headers. @throws RangeError where it is cut short */
export const ipPacket = (family: Family, bytes: Buffer): IpPacket =>
  family === 4
    ? {
        family,
        protocol: bytes.readUInt8(9),
        source: bytes.subarray(12, 16),
        destination: bytes.subarray(16, 20),
        continues: (bytes.readUInt16BE(6) & 0x1fff) !== 0,
        payload: bytes.subarray((bytes.readUInt8(0) & 0x0f) * 4),
      }
    : {
        family,
        protocol: bytes.readUInt8(6),
        source: bytes.subarray(8, 24),
        destination: bytes.subarray(24, 40),
        continues: false,
        payload: bytes.subarray(40),
      };

const usualHops = 64;

/**
 * The header of a packet without options that is not to be fragmented; its family is that of the addresses.
 *
 * @param length of what stands behind it, in bytes
 */
export function ipHeader(
  source: Buffer,
  target: Buffer,
  protocol: number,
  length: number,
  hops = usualHops,
): Buffer {
  return source.length === 4
    ? header4(source, target, protocol, length, hops)
    : header6(source, target, protocol, length, hops);
}

type Header = (...parts: Required<Parameters<typeof ipHeader>>) => Buffer;

/** RFC 791, 3.1. */
const header4: Header = (source, target, protocol, length, hops) => {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(header.length + length, 2);
  header.writeUInt16BE(0x4000, 6);
  header.writeUInt8(hops, 8);
  header.writeUInt8(protocol, 9);
  source.copy(header, 12);
  target.copy(header, 16);
  header.writeUInt16BE(checksum(header), 10);
  return header;
};

/** RFC 8200, 3. */
const header6: Header = (source, target, protocol, length, hops) => {
  const header = Buffer.alloc(8);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(length, 4);
  header.writeUInt8(protocol, 6);
  header.writeUInt8(hops, 7);
  return Buffer.concat([header, source, target]);
};
