import { closeSync, constants, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";

/**
 * keepalived's track_file: "1" makes this node yield, "0" lets it take part. Both contents are as long, and are written
 * over each other without a truncation, so that a reader meets one of them and never an empty file; keepalived's
 * inotify sees the close.
 */
export function writeTrackFile(path: string, yielding: boolean): void {
  const body = yielding ? "1\n" : "0\n";
  const descriptor = openExisting(path);
  if (descriptor === null) {
    writeFileSync(`${path}.new`, body, { mode: 0o644 });
    renameSync(`${path}.new`, path);
    return;
  }
  try {
    writeSync(descriptor, body, 0);
  } finally {
    closeSync(descriptor);
  }
}

/** Whether it makes this node yield; null where it says neither. */
export function readTrackFile(path: string): boolean | null {
  try {
    const body = readFileSync(path, "utf8").trim();
    return body === "1" ? true : body === "0" ? false : null;
  } catch {
    return null;
  }
}

function openExisting(path: string): number | null {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
