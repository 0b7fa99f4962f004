import type { Command } from "commander";
import { printJson, UserError } from "./context.js";
import { type ReachOptions, reachNodes, reachOptions } from "./reach.js";
import { clusterOptions, loadCluster } from "./topology-file.js";

interface SwitchoverOptions extends ReachOptions {
  readonly to?: string;
}

export function registerSwitchover(program: Command): void {
  reachOptions(clusterOptions(program.command("switchover")))
    .description("move the virtual IPs to a standby as planned, and measure the gap")
    .option("--to <node>", "the node that becomes active (default: the most preferred standby)")
    .addHelpText(
      "after",
      `
Nothing is moved unless the standby is ready. The gap is seen from the new active node.

Examples:
  $ holdfast switchover -f pair.yaml --lab
  $ holdfast switchover -f pair.yaml --lab --to lb-a --json`,
    )
    .action(switchover);
}

async function switchover(options: SwitchoverOptions): Promise<void> {
  const { cluster } = await loadCluster(options);
  const hosts = await reachNodes(cluster, options);
  if (hosts.size < cluster.nodes.length)
    throw new UserError("a switchover needs every node in reach: both sides are checked first");
  const { measuredSwitchover } = await import("../fleet/measured-switchover.js");
  const { from, to, gap } = await measuredSwitchover(cluster, hosts, options.to ?? null);
  if (options.json) printJson("switchover", { cluster: cluster.name, from, to, gap });
  else process.stdout.write(`${from} -> ${to}   gap ${gap.toFixed(0)} ms\n`);
}
