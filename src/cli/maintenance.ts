import { Argument, type Command } from "commander";
import { printableLine } from "../api/printable.js";
import { type AgentOptions, agentOptions, askFirst, type ReachedAgent, reachAgents } from "./agents.js";
import { printJson } from "./context.js";
import { clusterOptions } from "./topology-file.js";

interface MaintenanceOptions extends AgentOptions {
  readonly force?: boolean;
}

export function registerMaintenance(program: Command): void {
  agentOptions(clusterOptions(program.command("maintenance")))
    .description("take a node out of service for long, or back into it")
    .addArgument(new Argument("<state>", "out of service, or back in it").choices(["on", "off"]))
    .argument("<node>", "the node")
    .option("--force", "even if no other node is ready")
    .addHelpText(
      "after",
      `
A node in maintenance is left out of applies and never active while another is fit; it may be off altogether. With
'off' it first catches up, then it is eligible again.

Examples:
  $ holdfast maintenance on lb-b
  $ holdfast maintenance off lb-b`,
    )
    .action(maintenance);
}

/** Takes the node out of service, or back into it. It may be dead or about to be: the others are asked first. */
export async function setMaintenance(
  agents: readonly ReachedAgent[],
  body: { readonly node: string; readonly on: boolean; readonly force: boolean },
) {
  const others = [
    ...agents.filter(({ node }) => node !== body.node),
    ...agents.filter(({ node }) => node === body.node),
  ];
  return (await askFirst(others, "maintenance", { body }, 15_000)).answer;
}

async function maintenance(state: "on" | "off", node: string, options: MaintenanceOptions): Promise<void> {
  const body = { node, on: state === "on", force: options.force === true };
  const answer = await setMaintenance(await reachAgents(options), body);
  if (options.json) printJson("maintenance", answer);
  else {
    const is = state === "on" ? "in maintenance" : answer.already ? "in service" : "back in service";
    process.stdout.write(`${node} is ${is}${answer.already ? " already" : ""}.\n`);
    for (const silent of answer.silent.map(printableLine))
      process.stdout.write(`  ! ${silent} does not answer: it learns of this from the others\n`);
  }
}
