import { rename } from "node:fs/promises";
import { type AuditRecord, writtenRecord } from "../multiplexer/audit-record.js";
import { AuditFile } from "./audit-file.js";

export interface AuditBounds {
  /** Bytes of a file before the next one is begun, and older files that are kept: FILE.1 is the youngest of them. */
  readonly file: number;
  readonly older: number;
  /** Bytes that may wait for a slow disk; what is beyond is not written, and counted. */
  readonly waiting: number;
}

export const usualBounds: AuditBounds = { file: 67_108_864, older: 4, waiting: 8_388_608 };

/** Milliseconds between two writes. */
const pause = 200;

/** What controllers wrote, in files of its own that nobody else may read. It never holds a session. */
export class AuditLog {
  #waiting: Buffer[] = [];
  #bytes = 0;
  #file: AuditFile | null = null;
  #writing: Promise<void> = Promise.resolve();
  readonly #timer = setInterval(() => void this.flush(), pause);
  /** Messages that were not written. */
  dropped = 0;
  /** Why nothing is written, in the system's words; null while all is well. */
  trouble: string | null = null;

  constructor(
    private readonly path: string,
    private readonly bounds: AuditBounds = usualBounds,
  ) {}

  add(record: AuditRecord): void {
    const bytes = writtenRecord(record);
    if (this.#bytes + bytes.length > this.bounds.waiting) this.dropped += 1;
    else {
      this.#waiting.push(bytes);
      this.#bytes += bytes.length;
    }
  }

  /** Writes what waits, behind what is being written. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Lets its file go, behind what waits: whoever moved or removed it waits for that. The next write opens what stands there then. */
  reopen(): Promise<void> {
    void this.flush();
    this.#writing = this.#writing.then(() => this.#close());
    return this.#writing;
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.reopen();
  }

  async #write(): Promise<void> {
    const records = this.#waiting;
    if (records.length === 0) return;
    const bytes = Buffer.concat(records);
    [this.#waiting, this.#bytes] = [[], 0];
    try {
      const file = await this.#opened(bytes.length);
      await file.append(bytes);
      this.trouble = null;
    } catch (error) {
      this.dropped += records.length;
      this.trouble = error instanceof Error ? error.message : String(error);
      if (this.#file?.torn) await this.#close();
    }
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close().catch(() => undefined);
  }

  async #opened(coming: number): Promise<AuditFile> {
    // Moved or removed, it would be written to where nobody looks.
    if (this.#file !== null && !(await this.#file.isInPlace())) await this.#close();
    this.#file ??= await AuditFile.open(this.path);
    const file = this.#file;
    if (file !== null && (file.size === 0 || file.size + coming <= this.bounds.file)) return file;
    await this.#close();
    await this.#moveOn();
    const next = await AuditFile.open(this.path);
    if (next === null) throw new Error(`somebody else writes to ${this.path}`);
    this.#file = next;
    return next;
  }

  async #moveOn(): Promise<void> {
    for (let number = this.bounds.older; number > 0; number -= 1)
      await moved(number === 1 ? this.path : `${this.path}.${number - 1}`, `${this.path}.${number}`);
  }
}

async function moved(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}
