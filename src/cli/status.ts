import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { ClusterStatus } from "../fleet/status.js";
import { type AgentOptions, agentOptions } from "./agents.js";
import { exit, printJson } from "./context.js";
import { seeCluster } from "./see-cluster.js";
import { clusterOptions } from "./topology-file.js";

interface StatusOptions extends AgentOptions {
  readonly watch?: boolean;
}

/** Milliseconds between two pictures of `--watch`. */
const watchEvery = 1_000;

export function registerStatus(program: Command): void {
  agentOptions(clusterOptions(program.command("status")))
    .description("who is active, and how every node, virtual IP, service and server is")
    .option("--watch", "again every second until Ctrl-C; with --json one document a line")
    .addHelpText(
      "after",
      `
Exit code: 0 healthy, 3 degraded, 1 a node does not answer. A dead server is a word in the first line; degraded is a
service that has none left, or only the last of several.

Examples:
  $ holdfast status -f pair.yaml
  $ holdfast status --here                         on a node, as its own agent sees it
  $ holdfast status --lab --watch
  $ holdfast status --json | jq '.virtual_ips[] | {name, owners}'`,
    )
    .action(status);
}

async function status(options: StatusOptions): Promise<void> {
  const { statusText } = await import("./status-text.js");
  const { paintFor } = await import("./paint.js");
  for (;;) {
    // Asked for each picture anew: a node may have come or gone since.
    const seen = await seeCluster(options);
    process.exitCode = exitCodeOf(seen);
    const text = () => statusText(seen, paintFor(process.stdout));
    if (!options.watch) {
      if (options.json) printJson("status", { ...seen });
      else process.stdout.write(text());
      return;
    }
    if (options.json) process.stdout.write(`${JSON.stringify({ schema: "holdfast/status/v1", ...seen })}\n`);
    else process.stdout.write(process.stdout.isTTY ? `\u001b[H\u001b[2J${text()}` : `${text()}\n`);
    await sleep(watchEvery);
  }
}

const exitCodeOf = ({ healthy, unreachable }: ClusterStatus): number => {
  if (unreachable) return exit.error;
  return healthy ? exit.ok : exit.degraded;
};
