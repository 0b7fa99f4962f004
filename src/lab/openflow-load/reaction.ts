import { message } from "../../mirror/openflow/message.js";
import { bufferOf, markOfFrame } from "./packet-in.js";

const [packetOut, flowMod] = [13, 14];
const noBuffer = 0xffffffff;

/** buffer_id within a FLOW_MOD, and the length of one without actions or instructions (1.0.0, 5.3.3; 1.3.5, 7.3.4.1). */
const flow = (version: number) => (version === 1 ? { buffer: 64, length: 72 } : { buffer: 32, length: 56 });

/** A FLOW_MOD that drops everything: the quickest answer that a controller can give. */
export function flowModTemplate(version: number): Buffer {
  const { buffer, length } = flow(version);
  const bytes = message(version, flowMod, 0, Buffer.alloc(length - 8));
  bytes.writeUInt32BE(noBuffer, buffer);
  if (version === 1)
    bytes.writeUInt32BE(0x003fffff, 8); // OFPFW_ALL
  else {
    bytes.writeUInt32BE(noBuffer, 36); // OFPP_ANY
    bytes.writeUInt32BE(noBuffer, 40); // OFPG_ANY
    bytes.writeUInt32BE(0x00010004, 48); // OFPMT_OXM without fields
  }
  return bytes;
}

/** Turns a copy of the template, at `place`, into the answer to the PACKET_IN at `at` of `asked`. */
export function react(bytes: Buffer, place: number, version: number, asked: Buffer, at: number): void {
  asked.copy(bytes, place + 4, at + 4, at + 8);
  asked.copy(bytes, place + flow(version).buffer, at + 8, at + 12);
}

/**
 * Which of the numbered messages this answers, by its buffer_id, or by the frame that a PACKET_OUT sends on; null where
 * it answers none.
 */
export function answeredBy(version: number, bytes: Buffer): number | null {
  const type = bytes.readUInt8(1);
  if (type === flowMod) {
    const { buffer, length } = flow(version);
    const named = bytes.length < length ? noBuffer : bytes.readUInt32BE(buffer);
    return named === noBuffer ? null : named;
  }
  const head = version === 1 ? 16 : 24;
  if (type !== packetOut || bytes.length < head) return null;
  const named = bytes.readUInt32BE(8);
  if (named !== noBuffer) return named;
  const found = markOfFrame(bytes, head + bytes.readUInt16BE(version === 1 ? 14 : 16));
  return found === null ? null : bufferOf(found.number);
}
