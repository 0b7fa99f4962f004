/** How far the copy of one stream is. */
export interface Position {
  /** The connection, in the bytes of the wire. */
  readonly key: string;
  /** The number of the first byte that no message which was copied has. */
  readonly position: number;
  /** Messages that wait for the master controller. */
  readonly waiting: number;
}

/** "hfp1" */
const magic = 0x68667031;
const [head, fixed] = [4, 9];
/** Bytes that no link between nodes cuts in two. */
const most = 1_200;

/** Datagrams that say so: a length and the key, position and messages that wait, of each. */
export function datagramsOf(positions: Iterable<Position>): Buffer[] {
  const datagrams: Buffer[] = [];
  let bytes = Buffer.alloc(most);
  let at = 0;
  const close = () => {
    if (at > head) datagrams.push(bytes.subarray(0, at));
    [bytes, at] = [Buffer.alloc(most), head];
    bytes.writeUInt32BE(magic, 0);
  };
  close();
  for (const { key, position, waiting } of positions) {
    if (at + fixed + key.length > most) close();
    at = bytes.writeUInt8(key.length, at);
    at += bytes.write(key, at, "latin1");
    at = bytes.writeUInt32BE(position, at);
    at = bytes.writeUInt32BE(Math.min(waiting, 0xffffffff), at);
  }
  close();
  return datagrams;
}

/** Empty for what is none. */
export function positionsIn(datagram: Buffer): Position[] {
  if (datagram.length < head || datagram.readUInt32BE(0) !== magic) return [];
  const positions: Position[] = [];
  for (let at = head; at < datagram.length; ) {
    const length = datagram.readUInt8(at);
    if (at + fixed + length > datagram.length) return [];
    positions.push({
      key: datagram.toString("latin1", at + 1, at + 1 + length),
      position: datagram.readUInt32BE(at + 1 + length),
      waiting: datagram.readUInt32BE(at + 5 + length),
    });
    at += fixed + length;
  }
  return positions;
}
