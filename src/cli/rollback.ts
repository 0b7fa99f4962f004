import { type Command, InvalidArgumentError } from "commander";
import type { Progress } from "../api/progress.js";
import { type AgentOptions, agentOptions, askFirst, type ReachedAgent, reachAgents } from "./agents.js";
import { exit, printJson, UserError } from "./context.js";
import { clusterOptions } from "./topology-file.js";

interface RollbackOptions extends AgentOptions {
  readonly yes?: boolean;
  readonly message?: string;
  readonly confirmTimeout?: string;
  readonly without?: string[];
}

export function registerRollback(program: Command): void {
  agentOptions(clusterOptions(program.command("rollback")))
    .description("end a trial at once, or bring back what an older generation said")
    .argument("[generation]", "its number in 'holdfast history' (default: the one before)", wholeNumber)
    .option("-y, --yes", "do not ask")
    .option("-m, --message <text>", "why, for 'holdfast history'")
    .option(
      "--confirm-timeout <duration>",
      "come back to what runs now unless 'holdfast confirm' comes in time",
    )
    .option("--without <node...>", "leave these nodes out; they catch up before they may become active")
    .addHelpText(
      "after",
      `
An older generation's topology is applied as a new generation, on all nodes or none.

Examples:
  $ holdfast rollback                  the trial ends; or the generation before
  $ holdfast history && holdfast rollback 12 -m "c4 was the wrong one"
  $ holdfast rollback 12 --without lb-b            lb-b is away and catches up when it is back`,
    )
    .action(rollback);
}

async function rollback(generation: number | undefined, options: RollbackOptions): Promise<void> {
  const { message } = await import("./message-option.js");
  const why = message(options.message);
  const { confirmTimeout } = await import("./duration-option.js");
  const terms = { without: options.without ?? [], confirm_timeout: confirmTimeout(options.confirmTimeout) };
  const agents = (await reachAgents(options)).filter(({ node }) => !terms.without.includes(node));
  const { agent, answer: history } = await historyInService(agents);
  const phase = history.transaction?.phase;
  const trial = phase === "trial" || (phase === "withdrawn" && terms.without.length > 0);
  if (trial && generation !== undefined)
    throw new UserError("a generation is on trial: 'holdfast rollback' without a number ends it first");
  const current = history.entries.find((entry) => entry.current);
  const target = generation ?? history.entries.find(({ number }) => number < (current?.number ?? 0))?.number;
  if (!trial && target === undefined) throw new UserError("there is no older generation on this node");
  if (!trial && !history.entries.some(({ number }) => number === target))
    throw new UserError(`there is no generation ${target}; 'holdfast history' lists those there are`);

  if (!trial && !options.yes) {
    const { askYes } = await import("./ask-person.js");
    if (!(await askYes(`Apply the topology of generation ${target} again?`)))
      throw new UserError("nothing was changed");
  }
  const { id, leads_to } = await agent.client.call("rollback", {
    body: { generation: trial ? null : (target ?? null), message: why, ...terms },
  });
  const { interruptible } = await import("./interruption.js");
  const { followApply, goesOn } = await import("./follow-apply.js");
  const { complaintsOf, progressLine } = await import("./progress-text.js");
  const out = options.json ? process.stderr : process.stdout;
  const complaints: string[] = [];
  const tell = (progress: Progress) => {
    complaints.push(...complaintsOf(progress));
    out.write(progressLine(progress));
  };
  const outcome = await interruptible(
    (signal) => followApply({ id, coordinator: agent, agents, generation: leads_to }, tell, signal),
    () => goesOn("rollback", terms.confirm_timeout),
  );
  const { conclude } = await import("./outcome-text.js");
  if (options.json) printJson("rollback", { ...outcome, trouble: [...complaints, ...outcome.trouble] });
  else conclude(outcome, trial ? "undone" : "kept");
  const arrived = trial
    ? outcome.outcome === "undone"
    : outcome.outcome !== "undone" && outcome.outcome !== "unsettled";
  if (!arrived) process.exitCode = exit.error;
}

/** A node in maintenance knows neither of the trial nor of the generations that it was left out of. */
async function historyInService(agents: readonly ReachedAgent[]) {
  for (let left = agents; ; ) {
    const seen = await askFirst(left, "history", {});
    if (!seen.answer.in_maintenance || left.length === 1) return seen;
    left = left.filter((agent) => agent !== seen.agent);
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text))
    throw new InvalidArgumentError("a generation is a whole number from 1.");
  return Number(text);
}
