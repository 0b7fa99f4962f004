import type { Event } from "../../api/event.js";
import { decodeRecord, sequenceIn } from "./record.js";

/** Bytes after which a new segment is begun. */
export const segmentSize = 256 * 1024;
/** Segments kept, newest last: the log never takes more than both together. */
export const segmentsKept = 8;

/** A segment is named after the sequence number that it begins with, so that names sort as events do. */
export const segmentName = (first: number): string => `${String(first).padStart(12, "0")}.jsonl`;

/** The number in a segment's name; null for a file that is none. */
export function firstOf(name: string): number | null {
  const [, digits] = /^(\d{12})\.jsonl$/.exec(name) ?? [];
  return digits === undefined || Number(digits) === 0 ? null : Number(digits);
}

/** What is left of a segment. */
export interface SegmentContent {
  readonly events: readonly Event[];
  /** Whole lines that are not what was written. */
  readonly damaged: number;
  /** Bytes up to and with the last newline; what follows is the beginning of a line that was never finished. */
  readonly whole: number;
  /** The number after the last that may have been told from here: a damaged line had one too. */
  readonly next: number;
}

/** Reads a segment that begins with the sequence number `first`. Lines out of order count as damaged. */
export function readSegment(first: number, content: Buffer): SegmentContent {
  const whole = content.lastIndexOf(0x0a) + 1;
  const events: Event[] = [];
  let [damaged, next] = [0, first];
  for (const line of linesOf(content.subarray(0, whole))) {
    const event = decodeRecord(line);
    if (event === null || event.sequence < next) {
      damaged += 1;
      next += event === null ? 1 : 0;
    } else {
      events.push(event);
      next = event.sequence + 1;
    }
  }
  return { events, damaged, whole, next };
}

/** The events of a segment after a sequence number, in order and each once; a line before it costs next to nothing. */
export function* eventsAfter(after: number, content: Buffer): Generator<Event, void> {
  let last = after;
  for (const line of linesOf(content.subarray(0, content.lastIndexOf(0x0a) + 1))) {
    if (sequenceIn(line) <= last) continue;
    const event = decodeRecord(line);
    if (event === null || event.sequence <= last) continue;
    last = event.sequence;
    yield event;
  }
}

const linesOf = (content: Buffer): string[] => content.toString("utf8").split("\n").slice(0, -1);
