import { addressBytes } from "../../../src/packet/address.js";

/** A PROXY header, version 2, of this client; of the proxy itself where there is none. */
export function proxied(address: string | null, port: number): Buffer {
  const own = address === null ? Buffer.alloc(0) : addressBytes(address);
  const ports = Buffer.alloc(address === null ? 0 : 4);
  if (address !== null) ports.writeUInt16BE(port, 0);
  const head = Buffer.from("0d0a0d0a000d0a515549540a20000000", "hex");
  if (address !== null) head.writeUInt8(0x21, 12);
  if (address !== null) head.writeUInt8(own.length === 4 ? 0x11 : 0x21, 13);
  head.writeUInt16BE(2 * own.length + ports.length, 14);
  return Buffer.concat([head, own, own, ports]);
}
