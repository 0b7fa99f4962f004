import type { Command } from "commander";
import { printableLine } from "../api/printable.js";
import { type AgentOptions, agentOptions, askFirst, type ReachedAgent, reachAgents } from "./agents.js";
import { printJson } from "./context.js";
import { clusterOptions } from "./topology-file.js";

interface SwitchoverOptions extends AgentOptions {
  readonly to?: string;
  readonly force?: boolean;
}

/** Milliseconds: the move is probed for seconds, and a slow pair takes some more. */
const movedWithin = 30_000;

export function registerSwitchover(program: Command): void {
  agentOptions(clusterOptions(program.command("switchover")))
    .description("move the virtual IPs to a standby as planned, and measure the gap")
    .option("--to <node>", "the node that becomes active (default: the most preferred standby)")
    .option("--force", "even if a check before it speaks against it")
    .addHelpText(
      "after",
      `
Nothing is moved unless the standby is ready, settled and on the same generation. The gap is seen from the new
active node.

Examples:
  $ holdfast switchover -f pair.yaml
  $ holdfast switchover --lab --to lb-a --json`,
    )
    .action(switchover);
}

/** Asks for a planned move. @param to null: the most preferred standby */
export const moveTo = async (
  agents: readonly ReachedAgent[],
  body: { readonly to: string | null; readonly force: boolean },
) => (await askFirst(agents, "switchover", { body }, movedWithin)).answer;

async function switchover(options: SwitchoverOptions): Promise<void> {
  const body = { to: options.to ?? null, force: options.force === true };
  const answer = await moveTo(await reachAgents(options), body);
  if (options.json) printJson("switchover", { ...answer });
  else {
    const { from, to, gap, verdict } = answer;
    process.stdout.write(`${printableLine(`${from} -> ${to}   gap ${gap.toFixed(0)} ms   ${verdict}`)}\n`);
  }
}
