/** A packet as tcpdump writes it of all interfaces (LINKTYPE_LINUX_SLL2), with a TCP segment of IPv4 or IPv6. */
export function captured(
  family: 4 | 6,
  { sequence = 1, flags = 0x18, payload = Buffer.alloc(0) as Buffer, client = 1, options = 0, padding = 0 },
): Buffer {
  const cooked = Buffer.alloc(20);
  cooked.writeUInt16BE(family === 4 ? 0x0800 : 0x86dd, 0);
  const segment = Buffer.alloc(20 + options);
  segment.writeUInt16BE(40_000 + client, 0);
  segment.writeUInt16BE(6_653, 2);
  segment.writeUInt32BE(sequence >>> 0, 4);
  segment.writeUInt8(((20 + options) / 4) << 4, 12);
  segment.writeUInt8(flags, 13);
  const ip = Buffer.alloc(family === 4 ? 20 : 40);
  if (family === 4) {
    ip.writeUInt8(0x45, 0);
    ip.writeUInt16BE(20 + segment.length + payload.length, 2);
    ip.writeUInt8(6, 9);
    ip.writeUInt32BE(0x0a000100 + client, 12);
    ip.writeUInt32BE(0x0a000164, 16);
  } else {
    ip.writeUInt8(0x60, 0);
    ip.writeUInt16BE(segment.length + payload.length, 4);
    ip.writeUInt8(6, 6);
    ip.write("fd000000000000000000000000000001", 8, "hex");
    ip.writeUInt16BE(client, 22);
    ip.write("fd000000000000000000000000000064", 24, "hex");
  }
  return Buffer.concat([cooked, ip, segment, payload, Buffer.alloc(padding)]);
}
