import { fileURLToPath } from "node:url";
import { must } from "../src/lab/command.js";

const script = fileURLToPath(new URL("../scripts/package.mjs", import.meta.url));

/** Makes the Debian package of this checkout, under another version if one is given; returns its file. */
export async function debianPackage(version?: string): Promise<string> {
  const asked = version === undefined ? [] : ["--version", version];
  const { stdout } = await must([process.execPath, script, ...asked], { timeout: 120_000 });
  return stdout.trim().split("\n").at(-1) ?? "";
}
