import { ip } from "../topology/cluster-addresses.js";

/** An address as it stands in a packet. */
export function bytesOf(address: string): Buffer {
  const { family, value } = ip(address);
  return Buffer.from(value.toString(16).padStart(family === 4 ? 8 : 32, "0"), "hex");
}

/** `02:68:66:00:00:0a` as it stands in a frame; null for what is no Ethernet address. */
export const macBytes = (mac: string): Buffer | null =>
  /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? Buffer.from(mac.replaceAll(":", ""), "hex") : null;

/** RFC 1071. */
export function checksum(...parts: readonly Buffer[]): number {
  let sum = 0;
  for (const part of parts)
    for (let place = 0; place < part.length; place += 2) sum += part.readUInt16BE(place);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** RFC 8200, 8.1: what the checksum of a message of ICMPv6 covers beside the message. */
export const pseudoHeader6 = (from: Buffer, to: Buffer, length: number): Buffer =>
  Buffer.concat([from, to, Buffer.from([0, 0, 0, length, 0, 0, 0, 58])]);
