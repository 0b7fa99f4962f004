import type { Packet } from "../../capture/pcap.js";
import { addressText } from "../../packet/address.js";
import { etherTypes, macText } from "../../packet/ethernet.js";
import { type IpPacket, ipPacket, protocols } from "../../packet/ip.js";
import type { Claim, Sighting } from "./sighting.js";

/** The cooked header (LINKTYPE_LINUX_SLL2): protocol, reserved, interface, ARPHRD, packet type, address length, address. */
const cookedHeader = 20;
const ethernet = 1;
const outgoingType = 4;
const toAll: readonly number[] = [1, 2];

const neighbourAdvertisement = 136;
/** Echo replies: RFC 792 and RFC 4443, 4.2. */
const echoProtocol = { 4: protocols.icmp, 6: protocols.icmp6 } as const;
const echoReply = { 4: 0, 6: 129 } as const;

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
    mac: macText(bytes.subarray(12, 18)),
    outgoing: type === outgoingType,
    everybody: toAll.includes(type),
  };
  const payload = bytes.subarray(cookedHeader);
  try {
    const protocol = bytes.readUInt16BE(0);
    if (protocol === etherTypes.arp) return arp(frame, payload);
    if (protocol === etherTypes.ip4) return inside(frame, ipPacket(4, payload));
    return protocol === etherTypes.ip6 ? inside(frame, ipPacket(6, payload)) : null;
  } catch (error) {
    // Shorter than its own headers say.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** RFC 826 for Ethernet and IPv4; an announcement names its own address twice, whatever its operation (RFC 5227, 3). */
function arp(frame: Frame, bytes: Buffer): Sighting | null {
  if (bytes.readUInt16BE(2) !== etherTypes.ip4 || bytes.readUInt16BE(6) > 2) return null;
  const [sender, target] = [addressText(bytes.subarray(14, 18)), addressText(bytes.subarray(24, 28))];
  const announces = sender === target;
  const isReply = bytes.readUInt16BE(6) === 2;
  if (!announces && !isReply) return null;
  return claim(frame, announces || frame.everybody ? "announcement" : "answer", sender);
}

/** Without extension headers: neither keepalived nor a neighbour advertisement has any. */
function inside(frame: Frame, packet: IpPacket): Sighting | null {
  const { family, protocol, payload, continues } = packet;
  if (continues) return null;
  const source = addressText(packet.source);
  if (protocol === protocols.vrrp) return advert(frame, source, payload, family === 4 ? 4 : 16);
  if (protocol === protocols.icmp6 && payload.readUInt8(0) === neighbourAdvertisement) {
    // RFC 4861, 4.4: the solicited flag is set in an answer to somebody.
    const solicited = (payload.readUInt8(4) & 0x40) !== 0;
    return claim(frame, solicited ? "answer" : "announcement", addressText(payload.subarray(8, 24)));
  }
  if (!frame.outgoing) return null;
  const answers =
    protocol === protocols.tcp
      ? (payload.readUInt8(13) & 0x10) !== 0
      : protocol === echoProtocol[family] && payload.readUInt8(0) === echoReply[family];
  return answers ? { kind: "traffic", at: frame.at, outgoing: true, addresses: [source] } : null;
}

/** RFC 9568, 5.2: version and type, VRID, priority, count, interval, checksum, addresses. Version 2 starts alike. */
function advert(frame: Frame, source: string, bytes: Buffer, length: 4 | 16): Sighting | null {
  if ((bytes.readUInt8(0) & 0x0f) !== 1) return null;
  const count = Math.min(bytes.readUInt8(3), Math.floor((bytes.length - 8) / length));
  const addresses = Array.from({ length: count }, (_, index) =>
    addressText(bytes.subarray(8 + index * length, 8 + (index + 1) * length)),
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
