import { headerLength } from "./header.js";
import { message } from "./message.js";
import { Type } from "./message-type.js";
import { isWireVersion, versionNames } from "./version.js";

/** OFPHET_VERSIONBITMAP (OpenFlow 1.3.5, 7.5.1). */
const bitmapElement = 1;

/**
 * Versions that a HELLO offers. Without a bitmap its sender can speak every version up to the one in its header.
 * Versions above 31 are not looked at.
 */
export function offered(hello: Buffer): { readonly highest: number; readonly bitmap: number | null } {
  const highest = hello.readUInt8(0);
  for (let at = headerLength; at + 4 <= hello.length; ) {
    const [type, length] = [hello.readUInt16BE(at), hello.readUInt16BE(at + 2)];
    if (length < 4 || at + length > hello.length) break;
    if (type === bitmapElement && length >= 8) return { highest, bitmap: hello.readUInt32BE(at + 4) };
    at += Math.ceil(length / 8) * 8;
  }
  return { highest, bitmap: null };
}

/** What a HELLO offers, in words: `1.0, 1.3`, or `up to 1.3`. */
export function versionsIn(hello: Buffer): string {
  const { highest, bitmap } = offered(hello);
  const name = (version: number) =>
    isWireVersion(version) ? versionNames[version] : `of wire version ${version}`;
  if (bitmap === null) return highest > 1 ? `up to ${name(highest)}` : name(highest);
  const versions = Array.from({ length: 32 }, (_, version) => version);
  const all = versions.filter((version) => ((bitmap >>> version) & 1) === 1);
  return all.map(name).join(", ") || "of no version";
}

/** The version that two HELLOs lead to (OpenFlow 1.3.5, 6.3.1); null where they have none in common. */
export function negotiated(one: Buffer, other: Buffer): number | null {
  const [a, b] = [offered(one), offered(other)];
  if (a.bitmap !== null && b.bitmap !== null) {
    const both = (a.bitmap & b.bitmap) >>> 0;
    return both === 0 ? null : 31 - Math.clz32(both);
  }
  const lower = Math.min(a.highest, b.highest);
  const allows = ({ bitmap }: { bitmap: number | null }) => bitmap === null || ((bitmap >>> lower) & 1) === 1;
  return allows(a) && allows(b) ? lower : null;
}

/** A HELLO that offers one version. 1.0 to 1.2 know no elements. */
export const helloFor = (version: number, xid: number): Buffer =>
  version < 4 ? message(version, Type.hello, xid) : helloOffering([version], xid);

/** A HELLO that offers these versions, the greatest of which knows elements. */
export function helloOffering(versions: readonly number[], xid: number): Buffer {
  const element = Buffer.alloc(8);
  element.writeUInt16BE(bitmapElement, 0);
  element.writeUInt16BE(8, 2);
  element.writeUInt32BE(
    versions.reduce((bitmap, version) => bitmap + 2 ** version, 0),
    4,
  );
  return message(Math.max(...versions), Type.hello, xid, element);
}
