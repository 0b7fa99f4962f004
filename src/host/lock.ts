import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

const conflict = 75; // EX_TEMPFAIL, sysexits.h

/** The lock was not to be had; `work` has not begun. */
export class LockError extends Error {}

/**
 * Runs `work` while flock(1) holds `file`, whose directory is made if need be. The kernel frees the lock when its
 * holder's standard input closes, so also when this process is killed: there is no stale lock to detect.
 */
export async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const { execa } = await import("execa");
  await mkdir(dirname(file), { recursive: true, mode: 0o755 });
  const flock = ["--nonblock", "--conflict-exit-code", String(conflict), file, "cat"];
  const holder = execa("flock", flock, {
    reject: false,
    detached: true,
    cleanup: false,
    buffer: { stdout: false },
  });
  holder.stdin.on("error", () => undefined); // It ended first: `ended` tells why.
  const ended = holder.then(({ exitCode, stderr }) => {
    if (exitCode === conflict)
      throw new LockError("another holdfast command is at work there; try again when it has ended");
    throw new LockError(`cannot lock ${file}: ${stderr || `flock ended with ${exitCode}`}`);
  });
  holder.stdin.write("held\n");
  await Promise.race([once(holder.stdout, "data"), ended]);
  ended.catch(() => undefined);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await holder;
  }
}
