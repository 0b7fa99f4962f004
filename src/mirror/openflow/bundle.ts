import { headerLength } from "./header.js";
import { Type } from "./message-type.js";

/** A message that is added to a bundle. */
export interface BundleAdd {
  readonly bundle: number;
  /** Where the number of the message in it stands: it has to be that of what adds it. */
  readonly xidAt: number;
}

/** BUNDLE_CONTROL and BUNDLE_ADD_MESSAGE (OpenFlow 1.4.1, 7.3.9). */
const [control, add] = [33, 34];
/** The same for 1.3 (ONF extension 230): an experimenter's messages. */
const extension = { experimenter: 0x4f4e4600, control: 2300, add: 2301 };

/** Bytes before bundle_id: the header, and in the extension the experimenter's head. */
const head = { standard: headerLength, extension: headerLength + 8 };
/** bundle_id, padding, flags. */
const addLength = 8;

function isOf(bytes: Buffer, at: number, length: number, standard: number, extended: number): number | null {
  const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
  if (version >= 5 && type === standard) return at + head.standard;
  const isExtension =
    type === Type.experimenter &&
    length >= head.extension &&
    bytes.readUInt32BE(at + headerLength) === extension.experimenter &&
    bytes.readUInt32BE(at + headerLength + 4) === extended;
  return isExtension ? at + head.extension : null;
}

/** What the message at `at` adds to a bundle; null where it is something else, or cut short. */
export function bundleAdd(bytes: Buffer, at: number, length: number): BundleAdd | null {
  const body = isOf(bytes, at, length, add, extension.add);
  if (body === null || body + addLength + headerLength > at + length) return null;
  return { bundle: bytes.readUInt32BE(body), xidAt: body + addLength + 4 };
}

/** The bundle that the message at `at` opens, closes, commits or discards, or answers for; null where it is something else. */
export function controlledBundle(bytes: Buffer, at: number, length: number): number | null {
  const body = isOf(bytes, at, length, control, extension.control);
  return body === null || body + 4 > at + length ? null : bytes.readUInt32BE(body);
}

/** ofp_bundle_ctrl_type: replies that say that a bundle is no more (OFPBCT_COMMIT_REPLY, OFPBCT_DISCARD_REPLY). */
export function isBundleOver(bytes: Buffer, at: number, length: number): boolean {
  const body = isOf(bytes, at, length, control, extension.control);
  if (body === null || body + 6 > at + length) return false;
  const type = bytes.readUInt16BE(body + 4);
  return type === 5 || type === 7;
}
