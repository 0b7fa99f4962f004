import type { Command } from "commander";
import { printableLine } from "../api/printable.js";
import { type AgentOptions, agentOptions, askFirst, reachAgents } from "./agents.js";
import { printJson } from "./context.js";
import { clusterOptions } from "./topology-file.js";

interface ConfirmOptions extends AgentOptions {
  readonly without?: string[];
}

/** Milliseconds: an agent gives its peers three seconds a round, and its own node what it needs to go back. */
const confirmedWithin = 20_000;

export function registerConfirm(program: Command): void {
  agentOptions(clusterOptions(program.command("confirm")))
    .description("keep the generation that 'apply --confirm-timeout' put on trial")
    .option("--without <node...>", "these nodes are gone for good: their votes are not waited for")
    .addHelpText(
      "after",
      `
A node that votes goes on serving, and nobody may change anything, until its peers have voted too. Where one of them is
lost for good in that moment, '--without' votes for it.

Examples:
  $ holdfast apply -f pair.yaml --confirm-timeout 60s
  $ holdfast confirm -f pair.yaml
  $ holdfast confirm --without lb-b                lb-b burned down while it was asked`,
    )
    .action(confirm);
}

async function confirm({ without = [], ...options }: ConfirmOptions): Promise<void> {
  const agents = (await reachAgents(options)).filter(({ node }) => !without.includes(node));
  const { answer } = await askFirst(agents, "confirm", { body: { without } }, confirmedWithin);
  if (options.json) printJson("confirm", answer);
  else {
    const { generation, nodes, silent } = answer;
    const label = `Generation ${generation.number}`;
    process.stdout.write(`${label} is kept on ${printableLine(nodes.join(" and "))}.\n`);
    for (const node of silent.map(printableLine))
      process.stdout.write(`  ! ${node} did not answer: it settles from the others when it can talk again\n`);
  }
}
