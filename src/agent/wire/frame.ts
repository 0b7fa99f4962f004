import type { Packet } from "../../capture/pcap.js";
import type { Claim, Sighting } from "./sighting.js";

/** The cooked header (LINKTYPE_LINUX_SLL2): protocol, reserved, interface, ARPHRD, packet type, address length, address. */
const cookedHeader = 20;
const ethernet = 1;
const outgoingType = 4;
const toAll: readonly number[] = [1, 2];

const protocols = { ip4: 0x0800, arp: 0x0806, ip6: 0x86dd };
const vrrp = 112;
const tcp = 6;
const icmp = 1;
const icmp6 = 58;
const neighbourAdvertisement = 136;
/** Echo replies: RFC 792 and RFC 4443, 4.2. */
const echoReply = { [icmp]: 0, [icmp6]: 129 };

/** The frame around a claim: who sent it, and whether to everybody. */
interface Frame {
  readonly at: number;
  readonly mac: string;
  readonly outgoing: boolean;
  readonly everybody: boolean;
}

/** What a captured packet tells about ownership; null for one that tells nothing, or is cut short. */
export function sightingOf({ at, bytes }: Packet): Sighting | null {
  if (bytes.length < cookedHeader || bytes.readUInt16BE(8) !== ethernet || bytes[11] !== 6) return null;
  const type = bytes.readUInt8(10);
  const frame: Frame = {
    at,
    mac: bytes
      .subarray(12, 18)
      .toString("hex")
      .replace(/(..)(?=.)/g, "$1:"),
    outgoing: type === outgoingType,
    everybody: toAll.includes(type),
  };
  const payload = bytes.subarray(cookedHeader);
  try {
    const protocol = bytes.readUInt16BE(0);
    if (protocol === protocols.arp) return arp(frame, payload);
    if (protocol === protocols.ip4) return ip4(frame, payload);
    return protocol === protocols.ip6 ? ip6(frame, payload) : null;
  } catch (error) {
    // Shorter than its own headers say.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** RFC 826 for Ethernet and IPv4; an announcement names its own address twice, whatever its operation (RFC 5227, 3). */
function arp(frame: Frame, bytes: Buffer): Sighting | null {
  if (bytes.readUInt16BE(2) !== protocols.ip4 || bytes.readUInt16BE(6) > 2) return null;
  const [sender, target] = [address4(bytes, 14), address4(bytes, 24)];
  const announces = sender === target;
  const isReply = bytes.readUInt16BE(6) === 2;
  if (!announces && !isReply) return null;
  return claim(frame, announces || frame.everybody ? "announcement" : "answer", sender);
}

function ip4(frame: Frame, bytes: Buffer): Sighting | null {
  const fragment = bytes.readUInt16BE(6) & 0x1fff;
  if (fragment !== 0) return null;
  const header = (bytes.readUInt8(0) & 0x0f) * 4;
  return inside(frame, bytes.readUInt8(9), address4(bytes, 12), bytes.subarray(header), 4);
}

/** Without extension headers: neither keepalived nor a neighbour advertisement has any. */
const ip6 = (frame: Frame, bytes: Buffer): Sighting | null =>
  inside(frame, bytes.readUInt8(6), address6(bytes, 8), bytes.subarray(40), 16);

function inside(
  frame: Frame,
  protocol: number,
  source: string,
  bytes: Buffer,
  addressLength: 4 | 16,
): Sighting | null {
  if (protocol === vrrp) return advert(frame, source, bytes, addressLength);
  if (protocol === icmp6 && bytes.readUInt8(0) === neighbourAdvertisement) {
    // RFC 4861, 4.4: the solicited flag is set in an answer to somebody.
    const solicited = (bytes.readUInt8(4) & 0x40) !== 0;
    return claim(frame, solicited ? "answer" : "announcement", address6(bytes, 8));
  }
  if (!frame.outgoing) return null;
  const answers =
    protocol === tcp
      ? (bytes.readUInt8(13) & 0x10) !== 0
      : (protocol === icmp || protocol === icmp6) && bytes.readUInt8(0) === echoReply[protocol];
  return answers ? { kind: "traffic", at: frame.at, outgoing: true, addresses: [source] } : null;
}

/** RFC 9568, 5.2: version and type, VRID, priority, count, interval, checksum, addresses. Version 2 starts alike. */
function advert(frame: Frame, source: string, bytes: Buffer, length: 4 | 16): Sighting | null {
  if ((bytes.readUInt8(0) & 0x0f) !== 1) return null;
  const count = Math.min(bytes.readUInt8(3), Math.floor((bytes.length - 8) / length));
  const addresses = Array.from({ length: count }, (_, index) =>
    length === 4 ? address4(bytes, 8 + index * length) : address6(bytes, 8 + index * length),
  );
  const { at, mac, outgoing } = frame;
  return { kind: "advert", at, mac, source, priority: bytes.readUInt8(2), outgoing, addresses };
}

const claim = ({ at, mac, outgoing }: Frame, kind: "announcement" | "answer", address: string): Claim => ({
  kind,
  at,
  mac,
  address,
  outgoing,
  addresses: [address],
});

const address4 = (bytes: Buffer, at: number): string =>
  `${bytes.readUInt8(at)}.${bytes.readUInt8(at + 1)}.${bytes.readUInt8(at + 2)}.${bytes.readUInt8(at + 3)}`;

/** Canonical text (RFC 5952): the longest run of zero groups, the first of several, becomes `::`. */
function address6(bytes: Buffer, at: number): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(at + 2 * index).toString(16));
  const text = `:${groups.join(":")}:`;
  const runs = [...text.matchAll(/(?<=:)(?:0:){2,}/g)].sort((a, b) => b[0].length - a[0].length);
  const [run] = runs;
  if (run === undefined) return groups.join(":");
  const before = text.slice(1, run.index).replace(/:$/, "");
  const after = text.slice(run.index + run[0].length, -1);
  return `${before}::${after}`;
}
