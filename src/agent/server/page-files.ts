import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";

/** Where the build puts the page; the same from the sources as from the compiled program. */
export const pageDirectory = fileURLToPath(new URL("../../../dist/dashboard/", import.meta.url));

/** One file of the page as it is sent. */
export interface PageFile {
  /** Under which it is asked for. */
  readonly path: `/${string}`;
  readonly type: string;
  readonly body: Buffer;
  /** Null where that would make it no smaller. */
  readonly zipped: Buffer | null;
  readonly etag: string;
  /** Its name says what is in it. */
  readonly immutable: boolean;
}

/** What browsers are given, and whether it is worth zipping. */
const kinds: Readonly<Record<string, { readonly type: string; readonly zips: boolean }>> = {
  html: { type: "text/html; charset=utf-8", zips: true },
  js: { type: "text/javascript; charset=utf-8", zips: true },
  css: { type: "text/css; charset=utf-8", zips: true },
  svg: { type: "image/svg+xml", zips: true },
  png: { type: "image/png", zips: false },
  woff2: { type: "font/woff2", zips: false },
};

/**
 * Reads all that the page consists of: `index.html`, and what is under `assets`, whose names hold a hash. Nothing else is
 * ever read for a request. Empty where the page was not built.
 */
export async function readPage(directory: string = pageDirectory): Promise<PageFile[]> {
  const index = await readFile(join(directory, "index.html")).catch(() => null);
  if (index === null) return [];
  const names = await readdir(join(directory, "assets")).catch(() => []);
  const served = names.filter((name) => /^[\w-][\w.-]*$/.test(name) && kindOf(name) !== undefined).sort();
  const assets = await Promise.all(
    served.map(async (name) =>
      pageFile(`/assets/${name}`, name, await readFile(join(directory, "assets", name)), true),
    ),
  );
  return [await pageFile("/", "index.html", index, false), ...assets];
}

async function pageFile(
  path: PageFile["path"],
  name: string,
  body: Buffer,
  immutable: boolean,
): Promise<PageFile> {
  const { type, zips } = kindOf(name) ?? { type: "application/octet-stream", zips: false };
  const small = zips ? await promisify(gzip)(body, { level: constants.Z_BEST_COMPRESSION }) : body;
  const etag = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  return { path, type, body, zipped: small.length < body.length ? small : null, etag, immutable };
}

const kindOf = (name: string) => kinds[name.split(".").at(-1) ?? ""];
