/** RFC 1071: the ones' complement of the sum of all 16-bit words; every part has an even length. */
export function checksum(...parts: readonly Buffer[]): number {
  let sum = 0;
  for (const part of parts)
    for (let place = 0; place < part.length; place += 2) sum += part.readUInt16BE(place);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** What the checksum of a message covers beside it; either family's sums to the same (RFC 9293, 3.1; RFC 8200, 8.1). */
export const pseudoHeader = (source: Buffer, target: Buffer, protocol: number, length: number): Buffer =>
  Buffer.concat([source, target, Buffer.from([0, protocol, length >>> 8, length & 0xff])]);
