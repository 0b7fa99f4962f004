import { addressBytes } from "../packet/address.js";
import { checksum, pseudoHeader } from "../packet/checksum.js";
import { ipHeader, protocols } from "../packet/ip.js";
import { ip } from "../topology/cluster-addresses.js";
import { type Frame, ipPacketIn } from "./ethernet-dump.js";

/** An answer to one of our questions, as it passed a device. */
export interface EchoReply {
  /** Which question, counted from 0. */
  readonly index: number;
  readonly source: string;
  readonly destination: string;
  readonly fromMac: string;
  readonly toMac: string;
}

const protocol = { 4: protocols.icmp, 6: protocols.icmp6 } as const;
/** RFC 792; RFC 4443, 4.1 and 4.2. */
const request = { 4: 8, 6: 128 } as const;
const reply = { 4: 0, 6: 129 } as const;
const text = "holdfast preflight";

/** A whole IP packet that asks `target` for an echo to `source`. @param id which run, @param index which question of it */
export function echoRequest(
  { source, target }: { readonly source: string; readonly target: string },
  id: number,
  index: number,
): Buffer {
  const { family } = ip(target);
  const [from, to] = [addressBytes(source), addressBytes(target)];
  const message = Buffer.concat([Buffer.alloc(8), Buffer.from(text)]);
  message.writeUInt8(request[family], 0);
  message.writeUInt16BE(id, 4);
  message.writeUInt16BE(index, 6);
  // RFC 4443, 2.3: over the addresses too; RFC 792: over the message alone.
  const pseudo = pseudoHeader(from, to, protocol[6], message.length);
  message.writeUInt16BE(family === 4 ? checksum(message) : checksum(pseudo, message), 2);
  return Buffer.concat([ipHeader(from, to, protocol[family], message.length), message]);
}

/** Answers to this run's questions among these frames. */
export const repliesIn = (frames: readonly Frame[], id: number): EchoReply[] =>
  frames.flatMap(({ bytes }) => {
    const packet = ipPacketIn(bytes);
    if (packet === null || packet.protocol !== protocol[packet.family] || packet.payload.length < 8)
      return [];
    const { family, payload, source, destination, fromMac, toMac } = packet;
    if (payload.readUInt8(0) !== reply[family] || payload.readUInt16BE(4) !== id) return [];
    return [{ index: payload.readUInt16BE(6), source, destination, fromMac, toMac }];
  });

/** pcap-filter(7) for them: the agent's own fping hears hundreds of others a second. */
export const echoFilter = (id: number): string =>
  `(icmp and icmp[0] = 0 and icmp[4:2] = ${id}) or (icmp6 and ip6[40] = 129 and ip6[44:2] = ${id})`;
