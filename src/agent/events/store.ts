import type { FileHandle } from "node:fs/promises";
import { mkdir, open, readdir, readFile, truncate, unlink } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as breath } from "node:timers/promises";
import type { Event } from "../../api/event.js";
import { OneAtATime } from "../../deploy/one-at-a-time.js";
import { encodeRecord } from "./record.js";
import { eventsAfter, firstOf, readSegment, segmentName, segmentSize, segmentsKept } from "./segment.js";

/** What was found at the start and did not stand as it was written. */
export interface Repairs {
  /** Bytes of a half written line that were cut off. */
  readonly cut: number;
  /** Lines that are passed over. */
  readonly damaged: number;
}

interface Open {
  readonly file: FileHandle;
  /** Bytes that are whole lines on the disk. */
  size: number;
}

/** Events that are read between two looks at what else there is to do: about a millisecond's work. */
const mouthful = 64;

/** The log's files: it appends whole lines or nothing, and keeps the newest segments. One caller at a time. */
export class EventStore {
  private current: Open | null = null;
  private readonly reading = new OneAtATime();

  private constructor(
    private readonly directory: string,
    /** First numbers of the segments, oldest first. */
    private readonly segments: number[],
    readonly repairs: Repairs,
    /** The sequence number that comes next. */
    readonly next: number,
  ) {}

  /** Makes the directory (0700) if need be, and cuts off what a crash left half written. */
  static async open(directory: string): Promise<EventStore> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const segments = (await readdir(directory)).flatMap((name) => firstOf(name) ?? []).sort((a, b) => a - b);
    let [cut, damaged, next] = [0, 0, 1];
    for (const first of segments) {
      const path = join(directory, segmentName(first));
      const bytes = await readFile(path);
      const content = readSegment(first, bytes);
      damaged += content.damaged;
      next = Math.max(next, content.next);
      if (content.whole === bytes.length) continue;
      cut += bytes.length - content.whole;
      await truncate(path, content.whole);
    }
    return new EventStore(directory, segments, { cut, damaged }, next);
  }

  /**
   * Appends the first of these events and returns how many: as many as the segment takes, 0 where it begins a new one.
   * They are on the disk then; when it rejects, none of them is in the log.
   */
  async append(events: readonly Event[]): Promise<number> {
    const [head] = events;
    if (head === undefined) return 0;
    const segment = this.current ?? (await this.last()) ?? (await this.begin(head.sequence));
    const lines: string[] = [];
    let size = segment.size;
    for (const event of events) {
      const line = encodeRecord(event);
      const length = Buffer.byteLength(line);
      if (size > 0 && size + length > segmentSize) break;
      lines.push(line);
      size += length;
    }
    if (lines.length === 0) {
      await this.close();
      await this.begin(head.sequence);
      return 0;
    }
    try {
      await writeWhole(segment.file, Buffer.from(lines.join("")), segment.size);
      await segment.file.datasync();
    } catch (error) {
      // Whatever part of it arrived goes: the next attempt writes to the same place.
      await segment.file.truncate(segment.size).catch(() => this.close());
      throw error;
    }
    segment.size = size;
    return lines.length;
  }

  /** The events after a number, oldest first, at most `limit`. One reader after the other, each a mouthful at a time. */
  read(after: number, limit: number): Promise<Event[]> {
    return this.reading.run(() => this.readNow(after, limit));
  }

  private async readNow(after: number, limit: number): Promise<Event[]> {
    const found: Event[] = [];
    const start = this.segments.findLastIndex((first) => first <= after + 1);
    for (const first of this.segments.slice(Math.max(0, start))) {
      const bytes = await readFile(join(this.directory, segmentName(first))).catch(() => Buffer.alloc(0));
      for (const event of eventsAfter(found.at(-1)?.sequence ?? after, bytes)) {
        found.push(event);
        if (found.length >= limit) return found;
        if (found.length % mouthful === 0) await breath();
      }
    }
    return found;
  }

  async close(): Promise<void> {
    const { current } = this;
    this.current = null;
    await current?.file.close();
  }

  /** The segment that was written to last, if it is there. */
  private async last(): Promise<Open | null> {
    const first = this.segments.at(-1);
    if (first === undefined) return null;
    // Not for appending: write(2) at a place of our own, so that a failed write can be taken back.
    const file = await open(join(this.directory, segmentName(first)), "r+");
    this.current = { file, size: readSegment(first, await file.readFile()).whole };
    return this.current;
  }

  private async begin(first: number): Promise<Open> {
    const path = join(this.directory, segmentName(first));
    const file = await open(path, "w", 0o600);
    this.current = { file, size: 0 };
    if (this.segments.at(-1) !== first) this.segments.push(first);
    for (const old of this.segments.splice(0, Math.max(0, this.segments.length - segmentsKept)))
      await unlink(join(this.directory, segmentName(old))).catch(() => undefined);
    // A new name is on the disk only when its directory is (fsync(2)).
    const directory = await open(this.directory, "r");
    await directory.sync().finally(() => directory.close());
    return this.current;
  }
}

/** write(2) may take only a part, for instance all that a disk has room for; the next one then says why. */
async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}
