import { type FileHandle, open } from "node:fs/promises";
import { RecordWalk } from "../multiplexer/record-walk.js";

/** A file of records, which ends behind a whole one. */
export class AuditFile {
  /** Whether it ends within a record after all: it is of no more use. */
  torn = false;

  private constructor(
    private readonly handle: FileHandle,
    /** Bytes of whole records. */
    private whole: number,
  ) {}

  /** @returns null where the file there ends within a record, as a node lost its power: nothing behind that could be read. @throws in the system's words */
  static async open(path: string): Promise<AuditFile | null> {
    const handle = await open(path, "a+", 0o600);
    const { size } = await handle.stat();
    if (size === 0 || (await endsWhole(handle))) return new AuditFile(handle, size);
    await handle.close();
    return null;
  }

  get size(): number {
    return this.whole;
  }

  /** All of it, or nothing. @throws in the system's words */
  async append(records: Buffer): Promise<void> {
    try {
      await this.handle.appendFile(records);
    } catch (error) {
      this.torn = await this.handle.truncate(this.whole).then(
        () => false,
        () => true,
      );
      throw error;
    }
    this.whole += records.length;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

async function endsWhole(handle: FileHandle): Promise<boolean> {
  const walk = new RecordWalk();
  const piece = Buffer.allocUnsafe(1_048_576);
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return walk.atAnEnd;
    walk.data(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
}
