import { createReadStream } from "node:fs";
import { buffer } from "node:stream/consumers";
import { largest, type SourceText } from "../import/source-text.js";
import { UserError } from "./context.js";

/** Reads a file that is to be imported, and no more of it than an import takes: what was named may be a device. */
export async function readSource(file: string): Promise<SourceText> {
  const bytes = await buffer(createReadStream(file, { end: largest })).catch((error: unknown) => {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UserError(`cannot read ${file} (${reason}): name a file that is there and that you may read`);
  });
  if (bytes.length > largest)
    throw new UserError(`${file} is larger than 1 MiB; name the file that is to be imported`);
  return { file, text: bytes.toString("utf8") };
}
