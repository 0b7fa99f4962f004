import { chmodSync, closeSync, lstatSync, openSync, readdirSync, readSync, utimesSync } from "node:fs";
import { join, relative } from "node:path";

/** Whom the world may not look at. */
const closed = new Set(["etc/holdfast/pki"]);
/** Programs without a first line that says so. */
const programs = new Set(["usr/lib/holdfast/node"]);

/** Modes and times by rule, whatever the umask and the clock of this machine. */
export function settle(root, epoch) {
  const paths = [root, ...readdirSync(root, { recursive: true }).map((name) => join(root, name))].sort();
  for (const path of paths) {
    chmodSync(path, modeOf(path, relative(root, path)));
    utimesSync(path, epoch, epoch);
  }
}

function modeOf(path, name) {
  if (closed.has(name)) return 0o700;
  if (lstatSync(path).isDirectory()) return 0o755;
  return programs.has(name) || startsWithShebang(path) ? 0o755 : 0o644;
}

function startsWithShebang(path) {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(2);
    readSync(file, start, 0, 2, 0);
    return start.toString("latin1") === "#!";
  } finally {
    closeSync(file);
  }
}
