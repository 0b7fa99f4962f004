import { Type } from "./message-type.js";

/**
 * What a controller said of what it wants to hear: the properties of ofp_async_config as they came, by their type
 * (OpenFlow 1.4.1, 7.3.10), those of experimenters by their kind, too. 1.3's six masks are the first six of them.
 */
export type Masks = ReadonlyMap<number | string, Buffer>;

export const noMasks: Masks = new Map();

/** ofp_async_config of 1.3: for each kind of message first a master's or an equal's mask, then a slave's (1.3.5, 7.3.10). */
const fixedLength = 24;
/** From 1.4 on a slave's mask comes first. */
const propertyOf = (place: number): number => place ^ 1;

/** OFPACPT_EXPERIMENTER_SLAVE, _MASTER. */
const firstExperimenter = 0xfffe;

/** What a SET_ASYNC or GET_ASYNC_REPLY says, from its body; what it leaves out stays as it was. Null where it is cut short. */
export function masksIn(version: number, body: Buffer, before: Masks = noMasks): Masks | null {
  if (version < 5) return body.length === fixedLength ? fixedIn(body) : null;
  const masks = new Map(before);
  for (let at = 0; at < body.length; ) {
    const length = at + 8 > body.length ? 0 : body.readUInt16BE(at + 2);
    const type = length === 0 ? 0 : body.readUInt16BE(at);
    const isExperimenters = type >= firstExperimenter;
    if (length < (isExperimenters ? 12 : 8) || at + length > body.length) return null;
    const property = Buffer.from(body.subarray(at, at + length));
    masks.set(
      isExperimenters ? property.toString("hex", 0, 2) + property.toString("hex", 4, 12) : type,
      property,
    );
    at += padded(length);
  }
  return masks;
}

function fixedIn(body: Buffer): Masks {
  return new Map(
    Array.from({ length: fixedLength / 4 }, (_, place) => {
      const property = Buffer.alloc(8);
      property.writeUInt16BE(propertyOf(place), 0);
      property.writeUInt16BE(8, 2);
      body.copy(property, 4, 4 * place, 4 * place + 4);
      return [propertyOf(place), property];
    }),
  );
}

/** The body of a GET_ASYNC_REPLY, with one controller's own words over what the switch told. */
export function overlaid(version: number, told: Buffer, own: Masks): Buffer {
  const masks = new Map([...(masksIn(version, told) ?? noMasks), ...own]);
  if (version >= 5)
    return Buffer.concat(
      [...masks.values()].map((property) =>
        Buffer.concat([property, Buffer.alloc(padded(property.length) - property.length)]),
      ),
    );
  const body = Buffer.alloc(fixedLength);
  for (let place = 0; place < fixedLength / 4; place += 1)
    masks.get(propertyOf(place))?.copy(body, 4 * place, 4, 8);
  return body;
}

const padded = (length: number): number => Math.ceil(length / 8) * 8;

/** Where a message says why it was sent, and the property that a slave's mask of such reasons is; a master's or an equal's is the next. */
interface Subject {
  readonly property: number;
  readonly reasonAt: (version: number) => number;
  /** What stands there, where that is not the reason itself. */
  readonly reasonOf?: (value: number) => number;
}

const subjects: ReadonlyMap<number, Subject> = new Map([
  [Type.packetIn, { property: 0, reasonAt: () => 14 }],
  [Type.portStatus, { property: 2, reasonAt: () => 8 }],
  [Type.flowRemoved, { property: 4, reasonAt: (version) => (version >= 6 ? 9 : 18) }],
  [Type.roleStatus, { property: 6, reasonAt: () => 12 }],
  [Type.tableStatus, { property: 8, reasonAt: () => 8 }],
  // It holds a GROUP_MOD or a METER_MOD, whose type is in its header (1.4.1, 7.4.6).
  [Type.requestForward, { property: 10, reasonAt: () => 9, reasonOf: (type) => (type === 15 ? 0 : 1) }],
  [Type.controllerStatus, { property: 14, reasonAt: () => 16 }],
] satisfies [number, Subject][]);

/** Whether this message is one that these masks let through; null where they do not speak of it. */
export function isWanted(
  masks: Masks,
  isSlave: boolean,
  bytes: Buffer,
  at: number,
  length: number,
): boolean | null {
  const subject = subjects.get(bytes.readUInt8(at + 1));
  if (subject === undefined) return null;
  const mask = masks.get(subject.property + (isSlave ? 0 : 1))?.readUInt32BE(4);
  const place = subject.reasonAt(bytes.readUInt8(at));
  if (mask === undefined || place >= length) return null;
  const value = bytes.readUInt8(at + place);
  const reason = subject.reasonOf?.(value) ?? value;
  return reason > 31 ? null : ((mask >>> reason) & 1) === 1;
}
