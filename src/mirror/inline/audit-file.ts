import type { Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { RecordWalk } from "../multiplexer/record-walk.js";

/** Its owner reads and writes it, and nobody else does anything. */
const alone = 0o600;

/** A file of records, which ends behind a whole one. */
export class AuditFile {
  /** Whether it ends within a record after all: it is of no more use. */
  torn = false;

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
    /** Bytes of whole records. */
    private whole: number,
  ) {}

  /** Nobody but its owner reads it, whoever made it. @returns null where the file there ends within a record, as a node lost its power: nothing behind that could be read. @throws in the system's words */
  static async open(path: string): Promise<AuditFile | null> {
    const handle = await open(path, "a+", alone);
    try {
      const { size, mode } = await handle.stat();
      if ((mode & 0o7777) !== alone) await handle.chmod(alone);
      if (size === 0 || (await endsWhole(handle))) return new AuditFile(path, handle, size);
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return null;
  }

  get size(): number {
    return this.whole;
  }

  /** Whether it stands where it stood, as it was left: nobody moved or removed it, cut it off or wrote into it. @throws in the system's words */
  async isInPlace(): Promise<boolean> {
    const [own, there] = await Promise.all([this.handle.stat(), nullIfGone(stat(this.path))]);
    return there !== null && there.ino === own.ino && there.dev === own.dev && there.size === this.whole;
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

const nullIfGone = (asked: Promise<Stats>): Promise<Stats | null> =>
  asked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });

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
