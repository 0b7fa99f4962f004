import { writeFile } from "node:fs/promises";
import { writeSafely } from "../pki/safe-file.js";
import { UserError } from "./context.js";

/** Writes a file that the operator named; an existing one only with `force`. */
export async function writeOutput(path: string, body: string, { force }: { force: boolean }): Promise<void> {
  await named(path, () => writeFile(path, body, { flag: force ? "w" : "wx" }));
}

/** Likewise, but nobody but its owner reads it: mode 0600, also where another file stood. */
export async function writeSecret(path: string, body: string, { force }: { force: boolean }): Promise<void> {
  await named(path, () =>
    force ? writeSafely(path, body, 0o600) : writeFile(path, body, { flag: "wx", mode: 0o600 }),
  );
}

async function named(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "EEXIST")
      throw new UserError(`${path} exists already; name another file, or overwrite it with --force`);
    throw new UserError(
      `cannot write ${path} (${code}); name a file in a directory that exists and is yours`,
    );
  }
}
