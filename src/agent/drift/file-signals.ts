import { dirname } from "node:path";
import { type FSWatcher, watch } from "chokidar";

/** Tells when one of some files is written, replaced, given away or removed. */
export class FileSignals {
  private readonly watcher: FSWatcher;

  /**
   * @param paths absolute; their directories are watched, since most editors put a new file in the old one's place
   */
  constructor(paths: readonly string[], changed: () => void, failed: (error: unknown) => void) {
    const directories = new Set(paths.map((path) => dirname(path)));
    const known = new Set([...paths, ...directories]);
    this.watcher = watch([...directories], {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => !known.has(path),
    });
    this.watcher.on("all", changed).on("error", failed);
  }

  stop(): Promise<void> {
    return this.watcher.close();
  }
}
