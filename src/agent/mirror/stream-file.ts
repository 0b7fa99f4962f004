import { open, rename, rm } from "node:fs/promises";
import { z } from "zod";
import { streamNewsSchema } from "../../api/mirror.js";
import { parcels } from "../../mirror/parcels.js";
import type { KnownNews, StreamNews } from "../../mirror/stream-book.js";

/** Where what is known of the streams outlives the agent. */
export interface StreamFile {
  /** Empty where there is none. Rejects where it is no such file, or cannot be read. */
  read(): Promise<StreamNews[]>;
  /** All at once: nobody finds half of it. @returns milliseconds in which this thread did nothing else */
  write(news: readonly KnownNews[]): Promise<number>;
  remove(): Promise<void>;
}

const lineSchema = z.array(streamNewsSchema);

/**
 * A file with a line of JSON for each mebibyte: whoever writes or reads it does nothing else for no longer than one takes.
 * What switches say is root's alone to read.
 */
export const streamFileAt = (path: string): StreamFile => ({
  async read() {
    const file = await open(path).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    });
    if (file === null) return [];
    try {
      const news: StreamNews[] = [];
      for await (const line of file.readLines()) news.push(...lineSchema.parse(JSON.parse(line)));
      return news;
    } finally {
      await file.close();
    }
  },

  async write(news) {
    const next = `${path}.new`;
    await rm(next, { force: true });
    const file = await open(next, "wx", 0o600);
    let held = 0;
    try {
      for (const parcel of parcels(news)) {
        const began = performance.now();
        const written = file.write(`${JSON.stringify(parcel)}\n`);
        held += performance.now() - began;
        await written;
      }
    } finally {
      await file.close();
    }
    await rename(next, path);
    return held;
  },

  async remove() {
    for (const name of [path, `${path}.new`]) await rm(name, { force: true });
  },
});
