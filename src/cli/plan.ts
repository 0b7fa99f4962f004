import type { Command } from "commander";
import type { PlanDocument } from "../fleet/plan-document.js";
import { type AgentOptions, agentOptions, askFirst, reachAllBut } from "./agents.js";
import { exit, printJson } from "./context.js";
import { clusterOptions, loadCluster } from "./topology-file.js";

interface PlanOptions extends AgentOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly without?: string[];
}

/** Milliseconds: the largest topologies take a second a node to render. */
export const planWithin = 20_000;

export function registerPlan(program: Command): void {
  agentOptions(clusterOptions(program.command("plan")))
    .description("show what apply would change on every node, and what that means for live sessions")
    .option("--out <plan>", "keep the plan in a file for 'apply --plan'")
    .option("--force", "overwrite that file")
    .option("--without <node...>", "as 'apply --without' would")
    .addHelpText(
      "after",
      `
Exit code: 0 nothing to do, 2 something would change, 1 error.

Examples:
  $ holdfast plan -f pair.yaml
  $ holdfast plan --out monday.plan
  $ holdfast plan --lab --json | jq '.nodes[].steps'`,
    )
    .action(plan);
}

async function plan(options: PlanOptions): Promise<void> {
  const { text, cluster } = await loadCluster(options);
  const without = options.without ?? [];
  const agents = await reachAllBut(without, options, cluster);
  const { answer } = await askFirst(agents, "plan", { body: { topology: text, without } }, planWithin);
  const document = answer as unknown as PlanDocument;
  if (options.out !== undefined) {
    const { writeOutput } = await import("./output-file.js");
    const body = `${JSON.stringify({ schema: "holdfast/plan/v1", ...document }, null, 2)}\n`;
    await writeOutput(options.out, body, { force: options.force === true });
  }
  if (options.json) printJson("plan", { ...document });
  else {
    const { planText } = await import("./plan-text.js");
    const { paintFor } = await import("./paint.js");
    process.stdout.write(planText(document, paintFor(process.stdout)));
  }
  process.exitCode = document.isEmpty ? exit.ok : exit.changes;
}
