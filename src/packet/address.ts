import { formatIp } from "../topology/address.js";
import { ip } from "../topology/cluster-addresses.js";

/** An address as it stands in a packet. */
export function addressBytes(address: string): Buffer {
  const { family, value } = ip(address);
  return Buffer.from(value.toString(16).padStart(family === 4 ? 8 : 32, "0"), "hex");
}

/** An address of a packet as the topology's are written. @throws RangeError where it is cut short */
export function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) throw new RangeError(`an address of ${bytes.length} bytes`);
  return formatIp(6, BigInt(`0x${bytes.toString("hex")}`));
}
