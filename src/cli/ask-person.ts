import { createInterface } from "node:readline/promises";
import type { PlanDocument } from "../fleet/plan-document.js";
import { UserError } from "./context.js";
import { paintFor } from "./paint.js";
import { planText } from "./plan-text.js";

/** Shows the plan and asks. */
export async function askPerson(plan: PlanDocument): Promise<boolean> {
  process.stderr.write(planText(plan, paintFor(process.stderr)));
  return askYes("Apply this?");
}

/** Without a terminal there is nobody to ask, and nothing may happen unasked. */
export async function askYes(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError("there is no terminal to ask on: look first, then run it again with --yes");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new AbortController();
  lines.once("SIGINT", () => gone.abort());
  lines.once("close", () => gone.abort());
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: gone.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    process.stderr.write("\n");
    throw new UserError("nothing was done");
  } finally {
    lines.close();
  }
}
