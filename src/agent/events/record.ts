import { crc32 } from "node:zlib";
import { eventSchema } from "../../api/documents.js";
import type { Event } from "../../api/event.js";

/** Bytes of one line. What an event carries beyond that is left out, so that one event can never fill the log. */
export const longestRecord = 32 * 1024;

const head = '{"event":';
const tail = /,"sum":"([0-9a-f]{8})"\}$/;
const tailLength = ',"sum":"00000000"}'.length;

/** One line of the log, with its newline: JSON, and the CRC-32 of the event's own bytes beside it. */
export function encodeRecord(event: Event): string {
  const line = lineOf(event);
  if (Buffer.byteLength(line) <= longestRecord) return line;
  return lineOf({ ...event, text: event.text.slice(0, 1_000), details: { left_out: "too long to keep" } });
}

function lineOf(event: Event): string {
  const body = JSON.stringify(event);
  return `${head}${body},"sum":"${sum(body)}"}\n`;
}

/** The event in a line without its newline; null when the line is not what was once written. */
export function decodeRecord(line: string): Event | null {
  const [, written] = tail.exec(line) ?? [];
  if (written === undefined || !line.startsWith(head)) return null;
  const body = line.slice(head.length, -tailLength);
  if (sum(body) !== written) return null;
  try {
    return eventSchema.parse(JSON.parse(body));
  } catch {
    return null;
  }
}

/** The number that a line seems to have, at a glance; Infinity where it shows none. */
export const sequenceIn = (line: string): number =>
  Number(/^\{"event":\{"sequence":(\d{1,15}),/.exec(line)?.[1] ?? Number.POSITIVE_INFINITY);

const sum = (body: string): string => crc32(body).toString(16).padStart(8, "0");
