import type { Command } from "commander";
import { printableLine } from "../api/printable.js";
import type { Progress } from "../api/progress.js";
import type { PlanDocument } from "../fleet/plan-document.js";
import { type AgentOptions, agentOptions, askFirst, type ReachedAgent, reachAllBut } from "./agents.js";
import { exit, printJson, UserError } from "./context.js";
import { planWithin } from "./plan.js";
import { clusterOptions, loadCluster } from "./topology-file.js";

interface ApplyOptions extends AgentOptions {
  readonly plan?: string;
  readonly yes?: boolean;
  readonly message?: string;
  readonly confirmTimeout?: string;
  readonly without?: string[];
  readonly watch?: boolean;
}

export function registerApply(program: Command): void {
  agentOptions(clusterOptions(program.command("apply")))
    .description("bring every node to what the topology says, or none")
    .option("--plan <plan>", "carry out this plan of 'plan --out', unless something changed since")
    .option("-y, --yes", "do not ask")
    .option("-m, --message <text>", "why, for 'holdfast history'")
    .option(
      "--confirm-timeout <duration>",
      "go back unless 'holdfast confirm' comes in time, for instance 60s",
    )
    .option("--without <node...>", "leave these nodes out; they catch up before they may become active")
    .option("--watch", "again whenever the file is saved, until Ctrl-C")
    .addHelpText(
      "after",
      `
Every engine checks its files before anything changes. The standby goes first; when a node fails, all are put back.
An agent carries it out: it goes on when this command is interrupted. Ctrl-C only ends the watching.

Examples:
  $ holdfast apply -f pair.yaml -m "add c4"
  $ holdfast apply --confirm-timeout 60s && holdfast confirm
  $ holdfast plan --out monday.plan && holdfast apply --plan monday.plan
  $ holdfast apply --without lb-b --yes            lb-b is away and catches up when it is back
  $ holdfast apply --lab --watch --yes`,
    )
    .action(apply);
}

async function apply(options: ApplyOptions): Promise<void> {
  if (!options.watch) return applyOnce(options);
  if (options.plan !== undefined) throw new UserError("--plan is for one apply; leave out --watch");
  const { watchTopology } = await import("./watch-topology.js");
  await watchTopology(options, () => applyOnce(options));
}

async function applyOnce(options: ApplyOptions): Promise<void> {
  const { text, cluster } = await loadCluster(options);
  const { interruptible } = await import("./interruption.js");
  const { applyTopology } = await import("./apply-topology.js");
  const { goesOn } = await import("./follow-apply.js");
  const { complaintsOf, progressLine } = await import("./progress-text.js");
  const { conclude } = await import("./outcome-text.js");
  const { confirmTimeout: trial } = await import("./duration-option.js");
  const { message } = await import("./message-option.js");
  const without = options.without ?? [];
  const confirmTimeout = trial(options.confirmTimeout);
  const why = message(options.message);
  const agents = await reachAllBut(without, options, cluster);
  const planned = isSeen(options) ? await planFirst(agents, text, without) : null;
  if (planned !== null) await approve(planned, options);
  const out = options.json ? process.stderr : process.stdout;
  const wanted = {
    topology: text,
    ...(planned === null ? {} : { plan: planned.plan.digest }),
    without,
    confirmTimeout,
    message: why,
  };
  // The agent that planned also coordinates; the others are asked when it is lost.
  const asked = [...agents].sort((a, b) => Number(b === planned?.agent) - Number(a === planned?.agent));
  const complaints: string[] = [];
  const tell = (progress: Progress) => {
    complaints.push(...complaintsOf(progress));
    out.write(progressLine(progress));
  };
  const outcome = await interruptible(
    (signal) => applyTopology(asked, wanted, tell, signal),
    () => goesOn("apply", confirmTimeout),
  );
  const changes = outcome.outcome === "undone" ? [] : planned?.plan.nodes.filter((node) => !node.isEmpty);
  const changed = changes?.map(({ name }) => name);
  const trouble = [...complaints, ...outcome.trouble];
  if (options.json) printJson("apply", { cluster: cluster.name, changed, ...outcome, trouble });
  else conclude(outcome);
  if (outcome.outcome === "undone" || outcome.outcome === "unsettled") process.exitCode = exit.error;
}

/** Whether anybody, or anything, looks at the plan before it is carried out. */
const isSeen = ({ yes, plan, json }: ApplyOptions): boolean => !yes || plan !== undefined || json === true;

async function planFirst(agents: readonly ReachedAgent[], topology: string, without: string[]) {
  const { agent, answer } = await askFirst(agents, "plan", { body: { topology, without } }, planWithin);
  return { agent, plan: answer as unknown as PlanDocument };
}

/** A kept plan, `--yes`, or a person says whether it goes on. */
async function approve(
  { agent, plan }: { readonly agent: ReachedAgent; readonly plan: PlanDocument },
  options: ApplyOptions,
): Promise<void> {
  if (options.plan !== undefined) {
    const { readPlan } = await import("./plan-file.js");
    const kept = await readPlan(options.plan);
    if (kept.digest === plan.digest) return;
    const { entries } = await agent.client.call("history", {});
    const authors = new Map(entries.map(({ number, author }) => [number, author]));
    const { planDifferences } = await import("./plan-differences.js");
    const what = planDifferences(kept, plan, authors).map((clause) => `  ${printableLine(clause)}`);
    throw new UserError(
      [`what runs, or the topology, changed since ${options.plan} was made; plan again`, ...what].join("\n"),
    );
  }
  if (options.yes || plan.isEmpty) return;
  const { askPerson } = await import("./ask-person.js");
  if (!(await askPerson(plan))) throw new UserError("nothing was changed");
}
