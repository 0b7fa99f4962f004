import type { Controller } from "./xid-table.js";

/** A message that a controller said to a switch, and when. */
export interface AuditRecord {
  /** Microseconds since 1970. */
  readonly at: bigint;
  readonly from: Controller;
  /** The switch's end of the connection, as `ADDRESS PORT`. */
  readonly client: string;
  /** As the controller said it, under his own number. */
  readonly message: Buffer;
  /** Whether the switch was told; else it was refused, shed, or answered in the switch's place. */
  readonly reached: boolean;
}

/** Tells what became of a message; undefined where nobody writes that down. */
export type Outcome = ((reached: boolean) => void) | undefined;

const parties = ["pool", "master"] as const;
/** Added to whoever said it. */
const unreached = 2;
/** Of a record's length, which stands before it, and of what has a fixed size in it. */
export const [lengthBytes, headBytes] = [4, 10] as const;

/** The length of what follows (4 bytes), when (8), from whom (1: 0 the pool's, 1 the master controller; 2 more where it did not reach the switch), the length of the client (1), the client, the message. */
export function writtenRecord({ at, from, client, message, reached }: AuditRecord): Buffer {
  const name = Buffer.from(client, "latin1").subarray(0, 255);
  const head = Buffer.alloc(lengthBytes + headBytes);
  head.writeUInt32BE(headBytes + name.length + message.length, 0);
  head.writeBigUInt64BE(at, 4);
  head.writeUInt8(parties.indexOf(from) + (reached ? 0 : unreached), 12);
  head.writeUInt8(name.length, 13);
  return Buffer.concat([head, name, message]);
}

/** The records that a file begins with; one that is cut short at its end, as a node lost its power, is left out. */
export function* recordsIn(bytes: Buffer): Generator<AuditRecord> {
  for (let at = 0; at + lengthBytes <= bytes.length; ) {
    const end = at + lengthBytes + bytes.readUInt32BE(at);
    const name = at + lengthBytes + headBytes;
    if (end > bytes.length || name > end) return;
    const behind = name + bytes.readUInt8(name - 1);
    const said = bytes.readUInt8(name - 2);
    const from = parties[said % unreached];
    if (behind > end || from === undefined || said >= 2 * unreached) return;
    yield {
      ...{ at: bytes.readBigUInt64BE(at + lengthBytes), from },
      ...{ client: bytes.toString("latin1", name, behind), message: bytes.subarray(behind, end) },
      reached: said < unreached,
    };
    at = end;
  }
}
