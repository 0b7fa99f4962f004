import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Whoever reads the file sees its old or its new body, also after a power loss. `mode` is exact, whatever the umask. */
export async function writeSafely(path: string, body: string, mode: 0o600 | 0o644): Promise<void> {
  const staged = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  const file = await open(staged, "wx", 0o600);
  try {
    await file.writeFile(body);
    await file.chmod(mode);
    await file.sync();
    await file.close();
    await moveSafely(staged, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(staged, { force: true });
    throw error;
  }
}

/** A rename is on disk only when its directory is (fsync(2)). */
export async function moveSafely(from: string, to: string): Promise<void> {
  await rename(from, to);
  const directory = await open(dirname(to), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
