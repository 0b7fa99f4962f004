import { headerLength } from "./header.js";

/** A multipart type and its experimenter's (OpenFlow 1.4.1, 7.3.5.18; nicira-ext.h, NXST_FLOW_MONITOR, which 1.0 to 1.3 have). */
const flowMonitor = 16;
const nicira = { type: 0xffff, experimenter: 0x00002320, monitor: 2 };
/** OFPFME_ABBREV and NXFME_ABBREV: event, and what they are called in nicira-ext.h. */
const abbreviated = { standard: 4, nicira: 2 };

/** The flow updates in the multipart message at `at`, where they begin and what abbreviated ones are there; null where there are none. */
function updatesIn(bytes: Buffer, at: number, length: number): { from: number; event: number } | null {
  const version = bytes.readUInt8(at);
  const head = headerLength + (version === 1 ? 4 : 8);
  if (length < head) return null;
  const type = bytes.readUInt16BE(at + headerLength);
  if (version >= 5 && type === flowMonitor) return { from: at + head, event: abbreviated.standard };
  const isNicira =
    type === nicira.type &&
    length >= head + (version === 1 ? 12 : 8) &&
    bytes.readUInt32BE(at + head) === nicira.experimenter &&
    bytes.readUInt32BE(at + head + 4) === nicira.monitor;
  // 1.0 has four bytes of padding more.
  return isNicira ? { from: at + head + (version === 1 ? 12 : 8), event: abbreviated.nicira } : null;
}

/** Whether a multipart request is for flow updates, which have no number: they could not find whoever asked. */
export const asksForUpdates = (bytes: Buffer, at: number, length: number): boolean =>
  updatesIn(bytes, at, length) !== null;

/** Gives the requests that abbreviated updates name (a FLOW_MOD on this connection) the numbers that those had for whoever made them. */
export function renumberUpdates(
  bytes: Buffer,
  at: number,
  length: number,
  numberOf: (xid: number) => number,
): void {
  const updates = updatesIn(bytes, at, length);
  if (updates === null) return;
  for (let place = updates.from; place + 8 <= at + length; ) {
    const size = bytes.readUInt16BE(place);
    if (size < 8) return;
    if (bytes.readUInt16BE(place + 2) === updates.event)
      bytes.writeUInt32BE(numberOf(bytes.readUInt32BE(place + 4)), place + 4);
    place += size;
  }
}
