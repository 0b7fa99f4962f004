import { canonical } from "./canonical.js";

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

const types = { ip4: 0x0800, arp: 0x0806, ip6: 0x86dd, vlan: [0x8100, 0x88a8] };

/** An IP packet within an Ethernet frame, whatever VLAN it is tagged for. */
export interface IpPacket {
  readonly family: 4 | 6;
  readonly fromMac: string;
  readonly toMac: string;
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  /** Behind the header. */
  readonly payload: Buffer;
}

/** Null for whatever else it is, or where it is cut short. */
export function ipPacketIn(frame: Buffer): IpPacket | null {
  try {
    const { type, bytes } = untagged(frame);
    const macs = { fromMac: mac(frame.subarray(6, 12)), toMac: mac(frame.subarray(0, 6)) };
    if (type === types.ip4) return { ...ip4(bytes), ...macs };
    return type === types.ip6 ? { ...ip6(bytes), ...macs } : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function untagged(frame: Buffer): { type: number; bytes: Buffer } {
  let place = 12;
  while (types.vlan.includes(frame.readUInt16BE(place))) place += 4;
  return { type: frame.readUInt16BE(place), bytes: frame.subarray(place + 2) };
}

/** Whoever sent this packet of ARP, as it says itself (RFC 826); null for whatever else it is. */
export function arpSenderIn(frame: Buffer): { mac: string; address: string } | null {
  if (frame.length < 14) return null;
  const { type, bytes } = untagged(frame);
  if (type !== types.arp || bytes.length < 18) return null;
  return { mac: mac(bytes.subarray(8, 14)), address: [...bytes.subarray(14, 18)].join(".") };
}

const ip4 = (bytes: Buffer): Omit<IpPacket, "fromMac" | "toMac"> => ({
  family: 4,
  protocol: bytes.readUInt8(9),
  source: [...bytes.subarray(12, 16)].join("."),
  destination: [...bytes.subarray(16, 20)].join("."),
  payload: bytes.subarray((bytes.readUInt8(0) & 0x0f) * 4),
});

const ip6 = (bytes: Buffer): Omit<IpPacket, "fromMac" | "toMac"> => ({
  family: 6,
  protocol: bytes.readUInt8(6),
  source: address6(bytes, 8),
  destination: address6(bytes, 24),
  payload: bytes.subarray(40),
});

const mac = (bytes: Buffer): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":");

export const address6 = (bytes: Buffer, at: number): string =>
  canonical(
    Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(at + 2 * index).toString(16)).join(":"),
  );
