/** A packet as it was captured: when it passed, in milliseconds since the epoch, and its first bytes. */
export interface Packet {
  readonly at: number;
  readonly bytes: Buffer;
}

/** LINKTYPE_LINUX_SLL2, what tcpdump writes of all interfaces at once (tcpdump.org/linktypes). */
const cooked = 276;
const fileHeader = 24;
const recordHeader = 16;

/** The stream is not what it should be; nothing after this place can be read. */
export class NotPcap extends Error {}

/** Reads what `tcpdump -w -` writes, piece by piece (draft-ietf-opsawg-pcap, in the byte order of this machine). */
export class PcapReader {
  private rest: Buffer = Buffer.alloc(0);
  private begun = false;

  /** @param most bytes that are kept of a packet */
  constructor(private readonly most: number) {}

  /** The packets that this piece completes. @throws NotPcap */
  read(piece: Buffer): Packet[] {
    const bytes = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    let place = 0;
    if (!this.begun) {
      if (bytes.length < fileHeader) return this.wait(bytes);
      if (bytes.readUInt32LE(0) !== 0xa1b2c3d4) throw new NotPcap("no pcap file with microseconds");
      if (bytes.readUInt32LE(20) !== cooked) throw new NotPcap("the link type is not LINUX_SLL2");
      this.begun = true;
      place = fileHeader;
    }
    const packets: Packet[] = [];
    while (bytes.length - place >= recordHeader) {
      const length = bytes.readUInt32LE(place + 8);
      if (length > this.most) throw new NotPcap(`a packet of ${length} bytes`);
      const end = place + recordHeader + length;
      if (end > bytes.length) break;
      const at = bytes.readUInt32LE(place) * 1_000 + bytes.readUInt32LE(place + 4) / 1_000;
      packets.push({ at, bytes: bytes.subarray(place + recordHeader, end) });
      place = end;
    }
    this.wait(bytes.subarray(place));
    return packets;
  }

  private wait(rest: Buffer): Packet[] {
    this.rest = Buffer.from(rest);
    return [];
  }
}
