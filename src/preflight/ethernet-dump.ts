import { addressText } from "../packet/address.js";
import { etherTypes, macText } from "../packet/ethernet.js";
import { type IpPacket, ipPacket } from "../packet/ip.js";

/** A frame that tcpdump printed. */
export interface Frame {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly bytes: Buffer;
}

/**
 * Frames in what `tcpdump -n -tt -xx` prints: a line with the time, then lines of hexadecimal
 * (`\t0x0000:  0100 5e00 0012 ...`). What is cut short at its end is left out by whoever reads the bytes.
 */
export function framesIn(printed: string): Frame[] {
  const frames: { at: number; digits: string }[] = [];
  for (const line of printed.split("\n")) {
    const head = /^(\d+\.\d+) /.exec(line);
    if (head !== null) frames.push({ at: Number(head[1]) * 1_000, digits: "" });
    const body = /^\s+0x[0-9a-f]{4}:\s+([0-9a-f ]+)/.exec(line);
    const last = frames.at(-1);
    if (body !== null && last !== undefined) last.digits += (body[1] ?? "").replaceAll(" ", "");
  }
  return frames.map(({ at, digits }) => ({ at, bytes: Buffer.from(digits, "hex") }));
}

/** An IP packet within an Ethernet frame, whatever VLAN it is tagged for. */
export interface FramedPacket extends Pick<IpPacket, "family" | "protocol" | "payload"> {
  readonly fromMac: string;
  readonly toMac: string;
  readonly source: string;
  readonly destination: string;
}

/** Null for whatever else it is, or where it is cut short. */
export function ipPacketIn(frame: Buffer): FramedPacket | null {
  try {
    const { type, bytes } = untagged(frame);
    if (type !== etherTypes.ip4 && type !== etherTypes.ip6) return null;
    const { family, protocol, source, destination, payload } = ipPacket(
      type === etherTypes.ip4 ? 4 : 6,
      bytes,
    );
    return {
      ...{ family, protocol, payload },
      ...{ source: addressText(source), destination: addressText(destination) },
      ...{ fromMac: macText(frame.subarray(6, 12)), toMac: macText(frame.subarray(0, 6)) },
    };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const vlans = [0x8100, 0x88a8];

function untagged(frame: Buffer): { type: number; bytes: Buffer } {
  let place = 12;
  while (vlans.includes(frame.readUInt16BE(place))) place += 4;
  return { type: frame.readUInt16BE(place), bytes: frame.subarray(place + 2) };
}

/** Whoever sent this packet of ARP, as it says itself (RFC 826); null for whatever else it is. */
export function arpSenderIn(frame: Buffer): { mac: string; address: string } | null {
  if (frame.length < 14) return null;
  const { type, bytes } = untagged(frame);
  if (type !== etherTypes.arp || bytes.length < 18) return null;
  return { mac: macText(bytes.subarray(8, 14)), address: addressText(bytes.subarray(14, 18)) };
}
