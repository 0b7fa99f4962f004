import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { versionOf } from "../scripts/package/version.mjs";
import { must } from "../src/lab/command.js";

const repository = fileURLToPath(new URL("..", import.meta.url));
const script = join(repository, "scripts/package.mjs");
const nextPlace = join(repository, "build/next");

/** Makes the Debian package of this checkout, or its `next` version: the same program, newer to dpkg. Returns its file. */
export async function debianPackage(next: "next" | null = null): Promise<string> {
  if (next !== null) rmSync(nextPlace, { recursive: true, force: true });
  const asked = next === null ? [] : ["--version", `${versionOf(repository)}+next`, "--out", nextPlace];
  const { stdout } = await must([process.execPath, script, ...asked], { timeout: 120_000 });
  return stdout.trim().split("\n").at(-1) ?? "";
}

/** As its name says. */
export const versionIn = (file: string): string => basename(file).split("_")[1] ?? "";
