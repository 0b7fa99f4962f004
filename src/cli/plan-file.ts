import { readFile } from "node:fs/promises";
import { UserError } from "./context.js";

/** The digest of a plan that `plan --out` kept. */
export async function readPlanDigest(path: string): Promise<string> {
  const refuse = (why: string) =>
    new UserError(`${path} ${why}; write one with 'holdfast plan --out ${path}'`);
  let kept: unknown;
  try {
    kept = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw refuse(error instanceof SyntaxError ? "is not JSON" : "cannot be read");
  }
  if (kept === null || typeof kept !== "object" || !("schema" in kept) || kept.schema !== "holdfast/plan/v1")
    throw refuse("is not a plan of this version");
  if (!("digest" in kept) || typeof kept.digest !== "string") throw refuse("has no digest");
  return kept.digest;
}
