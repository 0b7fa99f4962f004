import type { Command } from "commander";
import { exit, printJson } from "./context.js";
import { type ReachOptions, reachNodes, reachOptions } from "./reach.js";
import { clusterOptions, loadCluster } from "./topology-file.js";
import { programVersion } from "./version.js";

interface PlanOptions extends ReachOptions {
  readonly out?: string;
  readonly force?: boolean;
}

export function registerPlan(program: Command): void {
  reachOptions(clusterOptions(program.command("plan")))
    .description("show what apply would change on every node, and what that means for live sessions")
    .option("--out <plan>", "keep the plan in a file for 'apply --plan'")
    .option("--force", "overwrite that file")
    .addHelpText(
      "after",
      `
Exit code: 0 nothing to do, 2 something would change, 1 error.

Examples:
  $ holdfast plan -f pair.yaml --lab
  $ holdfast plan -f pair.yaml --here lb-a --out monday.plan
  $ holdfast plan --lab --json | jq '.nodes[].steps'`,
    )
    .action(plan);
}

async function plan(options: PlanOptions): Promise<void> {
  const { cluster } = await loadCluster(options);
  const hosts = await reachNodes(cluster, options);
  const { planFleet } = await import("../fleet/plan.js");
  const { planDocument } = await import("../fleet/plan-document.js");
  const { planText } = await import("./plan-text.js");
  const { paintFor } = await import("./paint.js");
  const planned = await planFleet(cluster, hosts, programVersion);
  const document = await planDocument(planned);
  if (options.out !== undefined) {
    const { writeOutput } = await import("./output-file.js");
    const body = `${JSON.stringify({ schema: "holdfast/plan/v1", ...document }, null, 2)}\n`;
    await writeOutput(options.out, body, { force: options.force === true });
  }
  if (options.json) printJson("plan", document);
  else process.stdout.write(planText(planned, paintFor(process.stdout)));
  process.exitCode = planned.isEmpty ? exit.ok : exit.changes;
}
