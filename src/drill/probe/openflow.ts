/** As much of OpenFlow 1.3 as a switch needs to stay connected (OpenFlow Switch Specification 1.3.5, A.3 to A.5). */
export const type = {
  hello: 0,
  echoRequest: 2,
  echoReply: 3,
  featuresRequest: 5,
  featuresReply: 6,
  getConfigRequest: 7,
  getConfigReply: 8,
  multipartRequest: 18,
  multipartReply: 19,
  barrierRequest: 20,
  barrierReply: 21,
} as const;

const version = 4;
const headerLength = 8;

export interface Message {
  readonly type: number;
  readonly xid: number;
  readonly body: Buffer;
}

export function encode({ type: kind, xid, body }: Message): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(version, 0);
  header.writeUInt8(kind, 1);
  header.writeUInt16BE(headerLength + body.length, 2);
  header.writeUInt32BE(xid, 4);
  return Buffer.concat([header, body]);
}

/** Cuts a byte stream into whole messages; `rest` is the beginning of the next one. */
export function decode(stream: Buffer): { messages: Message[]; rest: Buffer } {
  const messages: Message[] = [];
  let rest = stream;
  while (rest.length >= headerLength) {
    const length = rest.readUInt16BE(2);
    if (length < headerLength) throw new Error(`an OpenFlow message of ${length} bytes`);
    if (rest.length < length) break;
    messages.push({
      type: rest.readUInt8(1),
      xid: rest.readUInt32BE(4),
      body: rest.subarray(headerLength, length),
    });
    rest = rest.subarray(length);
  }
  return { messages, rest };
}

export const hello = (): Buffer => encode({ type: type.hello, xid: 1, body: Buffer.alloc(0) });

export const echoRequest = (xid: number, body: Buffer): Buffer =>
  encode({ type: type.echoRequest, xid, body });

/** True once `stream` begins as a controller greets: a HELLO of any version. */
export const isGreeting = (stream: Buffer): boolean =>
  stream.length >= headerLength &&
  stream.readUInt8(0) >= 1 &&
  stream.readUInt8(0) <= 6 &&
  stream.readUInt8(1) === type.hello;

/** What a switch without ports and tables says to a controller's question; null where nothing is asked. */
export function answer({ type: kind, xid, body }: Message, datapathId: bigint): Buffer | null {
  switch (kind) {
    case type.echoRequest:
      return encode({ type: type.echoReply, xid, body });
    case type.featuresRequest:
      return encode({ type: type.featuresReply, xid, body: features(datapathId) });
    case type.getConfigRequest:
      return encode({ type: type.getConfigReply, xid, body: Buffer.alloc(4) });
    case type.multipartRequest:
      return encode({
        type: type.multipartReply,
        xid,
        body: Buffer.concat([body.subarray(0, 2), Buffer.alloc(6)]),
      });
    case type.barrierRequest:
      return encode({ type: type.barrierReply, xid, body: Buffer.alloc(0) });
    default:
      return null;
  }
}

/** datapath_id, n_buffers, n_tables, auxiliary_id, padding, capabilities, reserved (A.3.1). */
function features(datapathId: bigint): Buffer {
  const body = Buffer.alloc(24);
  body.writeBigUInt64BE(datapathId, 0);
  body.writeUInt8(1, 12);
  return body;
}
