import { createInterface } from "node:readline/promises";
import type { FleetPlan } from "../fleet/plan.js";
import { UserError } from "./context.js";
import { paintFor } from "./paint.js";
import { planText } from "./plan-text.js";

/** Shows the plan and asks. Without a terminal there is nobody to ask, and nothing may happen unasked. */
export async function askPerson(plan: FleetPlan): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError(
      "there is no terminal to ask on: look at 'holdfast plan', then apply with --yes or --plan",
    );
  process.stderr.write(planText(plan, paintFor(process.stderr)));
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question("Apply this? [y/N] ")).trim());
  } finally {
    lines.close();
  }
}
