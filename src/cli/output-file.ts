import { writeFile } from "node:fs/promises";
import { UserError } from "./context.js";

/** Writes a file that the operator named; an existing one only with `force`. */
export async function writeOutput(path: string, body: string, { force }: { force: boolean }): Promise<void> {
  try {
    await writeFile(path, body, { flag: force ? "w" : "wx" });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "EEXIST")
      throw new UserError(`${path} exists already; name another file, or overwrite it with --force`);
    throw new UserError(
      `cannot write ${path} (${code}); name a file in a directory that exists and is yours`,
    );
  }
}
