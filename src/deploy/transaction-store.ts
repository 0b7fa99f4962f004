import { z } from "zod";
import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import { recordSchema } from "./transaction.js";

/** A node's record, and what only the node itself needs of it. */
const storedSchema = z.object({
  record: recordSchema,
  /** ISO 8601: when the node was asked to prepare. */
  since: z.string(),
  /** Files that may have been staged. */
  paths: z.array(z.string()),
  /** The highest number of a generation that was ever proposed here, whatever became of it: none is given twice. */
  proposed: z.int().min(0).default(0),
});
export type Stored = z.infer<typeof storedSchema>;

export const transactionPath = `${paths.stateDir}/transaction.json`;

/** Where a file that nobody can read is kept for people to look at. */
export const damagedPath = `${transactionPath}.damaged`;

/** On disk once it resolves, whatever happens to the machine then. */
export async function writeStored(host: Host, stored: Stored): Promise<void> {
  const attributes = { mode: 0o600, user: "root", group: "root" };
  await host.swap(
    await host.stage(transactionPath, `${JSON.stringify(stored, null, 2)}\n`, attributes),
    transactionPath,
  );
}

/** What is on disk; `damaged` says what was wrong with a file that was put aside and counts as none. */
export async function readStored(
  host: Host,
): Promise<{ readonly stored: Stored | null; readonly damaged: string | null }> {
  const text = await host.read(transactionPath);
  if (text === null) return { stored: null, damaged: null };
  try {
    return { stored: storedSchema.parse(JSON.parse(text)), damaged: null };
  } catch {
    await host.swap(transactionPath, damagedPath);
    return {
      stored: null,
      damaged: `${transactionPath} could not be read: it was moved to ${damagedPath}, and an unfinished change is put back`,
    };
  }
}
