import { addressText } from "../packet/address.js";
import { protocols } from "../packet/ip.js";
import { type Frame, ipPacketIn } from "./ethernet-dump.js";

/** A VRRP router that was heard on a network. */
export interface Heard {
  readonly virtualRouterId: number;
  readonly version: number;
  readonly source: string;
  readonly mac: string;
  readonly priority: number;
  /** Milliseconds, as the advert says; null where its version has no such field. */
  readonly interval: number | null;
  /** What it announces. */
  readonly addresses: readonly string[];
  /** How often it was heard. */
  readonly times: number;
}

const advertisement = 1;

/** Those who advertise in these frames, each once, with its last advert. */
export function routersHeard(frames: readonly Frame[]): Heard[] {
  const heard = new Map<string, Heard>();
  for (const { bytes } of frames) {
    const advert = advertIn(bytes);
    if (advert === null) continue;
    const key = `${advert.virtualRouterId} ${advert.source} ${advert.mac}`;
    heard.set(key, { ...advert, times: (heard.get(key)?.times ?? 0) + 1 });
  }
  return [...heard.values()];
}

function advertIn(frame: Buffer): Omit<Heard, "times"> | null {
  const packet = ipPacketIn(frame);
  if (packet === null || packet.protocol !== protocols.vrrp) return null;
  const { family, payload, source, fromMac } = packet;
  try {
    const [version, type] = [payload.readUInt8(0) >> 4, payload.readUInt8(0) & 0x0f];
    if (type !== advertisement || (version !== 2 && version !== 3)) return null;
    return {
      ...{
        version,
        source,
        mac: fromMac,
        virtualRouterId: payload.readUInt8(1),
        priority: payload.readUInt8(2),
      },
      interval: intervalIn(version, payload),
      addresses: addressesIn(family, payload),
    };
  } catch (error) {
    if (error instanceof RangeError) return null; // Cut short.
    throw error;
  }
}

/** RFC 3768, 5.3.7: whole seconds. RFC 9568, 5.2.7: twelve bits of centiseconds. */
const intervalIn = (version: number, payload: Buffer): number =>
  version === 2 ? payload.readUInt8(5) * 1_000 : (payload.readUInt16BE(4) & 0x0fff) * 10;

function addressesIn(family: 4 | 6, payload: Buffer): string[] {
  const length = family === 4 ? 4 : 16;
  const count = Math.min(payload.readUInt8(3), Math.floor((payload.length - 8) / length));
  return Array.from({ length: Math.max(0, count) }, (_, index) =>
    addressText(payload.subarray(8 + index * length, 8 + (index + 1) * length)),
  );
}
