import { Type } from "./message-type.js";

/** What a controller may want to hear of or not: type of message, and where in it stands why it was sent. */
interface Subject {
  readonly type: number;
  readonly reasonAt: (version: number) => number;
  /** Reasons that are told where nobody said anything: to a master or an equal, and to a slave (OpenFlow 1.3.5, 6.1.1, 6.3.4). */
  readonly usual: readonly [number, number];
}

const all = 0xffffffff;

/** In the order of ofp_async_config (1.3.5, 7.3.10) and, from 1.4 on, of ofp_async_config_prop_type (1.4.1, 7.3.10). */
const subjects: readonly Subject[] = [
  // No match, an action; not a TTL that ran out.
  { type: Type.packetIn, reasonAt: (version) => (version === 1 ? 16 : 14), usual: [0b11, 0] },
  { type: Type.portStatus, reasonAt: () => 8, usual: [all, all] },
  {
    type: Type.flowRemoved,
    reasonAt: (version) => (version === 1 ? 58 : version === 6 ? 9 : 18),
    usual: [all, 0],
  },
];

/** Masks of reasons by subject: for a master or an equal, for a slave. */
export type Masks = readonly (readonly [number, number])[];

export const usualMasks: Masks = subjects.map(({ usual }) => usual);

/** What a SET_ASYNC says, from its body; what it leaves out stays as it was. Null where it is cut short. */
export function masksIn(version: number, body: Buffer, before: Masks): Masks | null {
  if (version < 5) {
    if (body.length !== 8 * subjects.length) return null;
    return subjects.map((_, index) => [body.readUInt32BE(8 * index), body.readUInt32BE(8 * index + 4)]);
  }
  const masks = before.map(([strong, slave]): [number, number] => [strong, slave]);
  for (let at = 0; at < body.length; ) {
    const length = at + 8 > body.length ? 0 : body.readUInt16BE(at + 2);
    if (length < 8 || at + length > body.length) return null;
    const property = body.readUInt16BE(at);
    const pair = masks[property >> 1];
    // Slaves' have the even numbers.
    if (pair !== undefined) pair[property % 2 === 0 ? 1 : 0] = body.readUInt32BE(at + 4);
    at += Math.ceil(length / 8) * 8;
  }
  return masks;
}

/** The body of a SET_ASYNC, or of a GET_ASYNC_REPLY. */
export function asyncBody(version: number, masks: Masks): Buffer {
  if (version < 5) {
    const body = Buffer.alloc(8 * masks.length);
    masks.flat().forEach((mask, index) => void body.writeUInt32BE(mask, 4 * index));
    return body;
  }
  const body = Buffer.alloc(16 * masks.length);
  masks.forEach(([strong, slave], index) => {
    [slave, strong].forEach((mask, odd) => {
      const at = 16 * index + 8 * odd;
      body.writeUInt16BE(2 * index + odd, at);
      body.writeUInt16BE(8, at + 2);
      body.writeUInt32BE(mask, at + 4);
    });
  });
  return body;
}

/** All that anybody wants to hear, in any role. */
export const unionOf = (each: readonly Masks[]): Masks =>
  subjects.map((_, index) => {
    const mask =
      each.reduce((sum, masks) => sum | (masks[index]?.[0] ?? 0) | (masks[index]?.[1] ?? 0), 0) >>> 0;
    return [mask, mask];
  });

/** Whether this message is one that these masks let through. What they do not speak of, a master or an equal hears. */
export function isWanted(masks: Masks, isSlave: boolean, bytes: Buffer, at: number, length: number): boolean {
  const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
  const index = subjects.findIndex((subject) => subject.type === type);
  const place = subjects[index]?.reasonAt(version) ?? 0;
  if (index < 0 || place >= length) return !isSlave;
  const reason = bytes.readUInt8(at + place);
  return (((masks[index]?.[isSlave ? 1 : 0] ?? 0) >>> reason) & 1) === 1;
}
