import type { Command } from "commander";
import { printableLine } from "../api/printable.js";
import { type AgentOptions, agentOptions, askFirst, reachAgents } from "./agents.js";
import { printJson } from "./context.js";
import { clusterOptions } from "./topology-file.js";

/** Milliseconds: an agent gives its peers three seconds a round, and its own node what it needs to go back. */
const confirmedWithin = 20_000;

export function registerConfirm(program: Command): void {
  agentOptions(clusterOptions(program.command("confirm")))
    .description("keep the generation that 'apply --confirm-timeout' put on trial")
    .addHelpText(
      "after",
      `
Examples:
  $ holdfast apply -f pair.yaml --confirm-timeout 60s
  $ holdfast confirm -f pair.yaml`,
    )
    .action(confirm);
}

async function confirm(options: AgentOptions): Promise<void> {
  const { answer } = await askFirst(await reachAgents(options), "confirm", {}, confirmedWithin);
  if (options.json) printJson("confirm", answer);
  else {
    const { generation, nodes, silent } = answer;
    const label = `Generation ${generation.number}`;
    process.stdout.write(`${label} is kept on ${printableLine(nodes.join(" and "))}.\n`);
    for (const node of silent.map(printableLine))
      process.stdout.write(`  ! ${node} did not answer: it settles from the others when it can talk again\n`);
  }
}
