import type { Family } from "../topology/cluster.js";
import { addressBytes } from "./address.js";
import { checksum, pseudoHeader } from "./checksum.js";
import { ethernet, etherTypes, macBytes } from "./ethernet.js";
import { ipHeader, protocols } from "./ip.js";

/**
 * A frame that tells everybody on a link that the address is here; null where the device is no Ethernet.
 * IPv4: an ARP announcement (RFC 5227, 3). IPv6: an unsolicited neighbour advertisement (RFC 4861, 7.2.6).
 *
 * @param router it routes: whoever reads otherwise strikes it off his default routers (RFC 4861, 7.2.5)
 */
export function announcement(family: Family, address: string, mac: string, router: boolean): Buffer | null {
  const own = macBytes(mac);
  if (own === null) return null;
  return family === 4 ? claim(own, addressBytes(address)) : advertisement(own, addressBytes(address), router);
}

/** RFC 826: Ethernet and IPv4, request; the sender asks for itself. */
const claim = (mac: Buffer, address: Buffer): Buffer =>
  Buffer.concat([
    ethernet(Buffer.alloc(6, 0xff), mac, etherTypes.arp),
    Buffer.from([0, 1, 8, 0, 6, 4, 0, 1]),
    ...[mac, address, Buffer.alloc(6), address],
  ]);

const flag = { router: 0x80, override: 0x20 };

/** RFC 4861, 4.4: override, to all nodes, with the target's link-layer address. */
function advertisement(mac: Buffer, address: Buffer, router: boolean): Buffer {
  const everyone = Buffer.from("ff020000000000000000000000000001", "hex");
  const flags = flag.override | (router ? flag.router : 0);
  const head = Buffer.from([136, 0, 0, 0, flags, 0, 0, 0]);
  const message = Buffer.concat([head, address, Buffer.from([2, 1]), mac]);
  const { length } = message;
  message.writeUInt16BE(checksum(pseudoHeader(address, everyone, protocols.icmp6, length), message), 2);
  return Buffer.concat([
    ethernet(Buffer.from("333300000001", "hex"), mac, etherTypes.ip6),
    ipHeader(address, everyone, protocols.icmp6, length, 255),
    message,
  ]);
}
