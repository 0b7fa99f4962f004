import { setTimeout as sleep } from "node:timers/promises";

/** How long an engine is given to take what it was told. Milliseconds. */
export interface Patience {
  readonly timeout: number;
  readonly pause: number;
}

export const defaultPatience: Patience = { timeout: 5_000, pause: 50 };

/** An engine's last word: waiting longer changes nothing. */
export class FinalComplaint extends Error {}

/**
 * Asks until the answer is null (nothing is wrong any more); throws the last complaint when patience ends.
 * A question that throws is a complaint too: an engine that is just reading its files may not answer.
 */
export async function until(
  question: () => Promise<string | null>,
  { timeout, pause }: Patience,
): Promise<void> {
  const deadline = performance.now() + timeout;
  let complaint = await asked(question);
  while (complaint !== null) {
    if (performance.now() >= deadline) throw new Error(complaint);
    await sleep(pause);
    complaint = await asked(question);
  }
}

async function asked(question: () => Promise<string | null>): Promise<string | null> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof FinalComplaint) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
