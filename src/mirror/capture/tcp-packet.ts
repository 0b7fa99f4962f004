/** A TCP segment that was captured on its way to a service. */
export interface TcpPacket {
  /** Both ends, in the bytes of the wire: one connection has one key. */
  readonly key: string;
  readonly sequence: number;
  readonly syn: boolean;
  readonly fin: boolean;
  readonly reset: boolean;
  /** A view of the captured bytes; shorter than the segment was where the capture cut it. */
  readonly payload: Buffer;
}

/** LINKTYPE_LINUX_SLL2: protocol first, 20 bytes in all (tcpdump.org/linktypes). */
const cookedHeader = 20;
const protocols = { ip4: 0x0800, ip6: 0x86dd };
const tcp = 6;
const flags = { fin: 1, syn: 2, reset: 4 };

/** Null for whatever else it is: a fragment, an extension header, a packet that is cut short in its headers. */
export function tcpPacketIn(bytes: Buffer): TcpPacket | null {
  if (bytes.length < cookedHeader + 40) return null;
  const protocol = bytes.readUInt16BE(0);
  if (protocol === protocols.ip4) return inIp4(bytes);
  return protocol === protocols.ip6 ? inIp6(bytes) : null;
}

function inIp4(bytes: Buffer): TcpPacket | null {
  const ip = cookedHeader;
  if (bytes.readUInt8(ip + 9) !== tcp || (bytes.readUInt16BE(ip + 6) & 0x3fff) !== 0) return null;
  const segment = ip + (bytes.readUInt8(ip) & 0x0f) * 4;
  return inside(bytes, ip + 12, 8, segment, endOf(bytes, ip, bytes.readUInt16BE(ip + 2)));
}

function inIp6(bytes: Buffer): TcpPacket | null {
  const ip = cookedHeader;
  if (bytes.readUInt8(ip + 6) !== tcp) return null;
  const length = bytes.readUInt16BE(ip + 4);
  return inside(bytes, ip + 8, 32, ip + 40, endOf(bytes, ip, length === 0 ? 0 : length + 40));
}

/** Behind the packet may stand padding of the frame; 0 is what a packet says that the kernel made larger than 64 KiB. */
const endOf = (bytes: Buffer, ip: number, length: number): number =>
  length === 0 ? bytes.length : Math.min(bytes.length, ip + length);

function inside(bytes: Buffer, addresses: number, size: number, at: number, end: number): TcpPacket | null {
  if (at + 20 > end) return null;
  const data = at + (bytes.readUInt8(at + 12) >>> 4) * 4;
  if (data < at + 20 || data > end) return null;
  const flag = bytes.readUInt8(at + 13);
  return {
    key: bytes.toString("latin1", addresses, addresses + size) + bytes.toString("latin1", at, at + 4),
    sequence: bytes.readUInt32BE(at + 4),
    syn: (flag & flags.syn) !== 0,
    fin: (flag & flags.fin) !== 0,
    reset: (flag & flags.reset) !== 0,
    payload: bytes.subarray(data, end),
  };
}

/** The client's end of a key, as text. */
export function clientOf(key: string): { readonly address: string; readonly port: number } {
  const bytes = Buffer.from(key, "latin1");
  const size = (bytes.length - 4) / 2;
  const address =
    size === 4
      ? [...bytes.subarray(0, 4)].join(".")
      : Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16)).join(":");
  return { address, port: bytes.readUInt16BE(2 * size) };
}
