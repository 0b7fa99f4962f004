import { addressText } from "../../packet/address.js";

const signature = Buffer.from("0d0a0d0a000d0a515549540a", "hex");
const fixedLength = 16;

/** Bytes of an address of TCP over IPv4 and over IPv6, by the byte that names them. */
const sizes: Readonly<Record<number, number>> = { 17: 4, 33: 16 };

/** Who connected, as the proxy in front tells (PROXY protocol, version 2, section 2.2). */
export interface ProxyHeader {
  /** Null where the proxy itself did, for a health check. */
  readonly client: { readonly address: string; readonly port: number } | null;
  /** What follows is the client's. */
  readonly length: number;
}

/** @returns null where it is not whole yet. @throws RangeError where it is no such header */
export function proxyHeaderIn(bytes: Buffer): ProxyHeader | null {
  const known = Math.min(bytes.length, signature.length);
  if (bytes.compare(signature, 0, known, 0, known) !== 0) throw new RangeError("no PROXY header");
  if (bytes.length < fixedLength) return null;
  const length = fixedLength + bytes.readUInt16BE(14);
  if (bytes.length < length) return null;
  const [command, family] = [bytes.readUInt8(12), bytes.readUInt8(13)];
  if (command >> 4 !== 2) throw new RangeError("a PROXY header of another version");
  const size = sizes[family] ?? 0;
  if ((command & 15) === 0 || size === 0) return { client: null, length };
  if (length < fixedLength + 2 * size + 4) throw new RangeError("a PROXY header that is cut short");
  const address = addressText(bytes.subarray(fixedLength, fixedLength + size));
  return { client: { address, port: bytes.readUInt16BE(fixedLength + 2 * size) }, length };
}
