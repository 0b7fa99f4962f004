import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { ClusterStatus } from "../fleet/status.js";
import { exit, printJson } from "./context.js";
import { type ReachOptions, reachOptions, reachWhatRuns } from "./reach.js";
import { clusterOptions, loadCluster } from "./topology-file.js";

interface StatusOptions extends ReachOptions {
  readonly watch?: boolean;
}

/** Milliseconds between two pictures of `--watch`. */
const watchEvery = 1_000;

export function registerStatus(program: Command): void {
  reachOptions(clusterOptions(program.command("status")))
    .description("who is active, and how every node, virtual IP, service and server is")
    .option("--watch", "again every second until Ctrl-C; with --json one document a line")
    .addHelpText(
      "after",
      `
Exit code: 0 healthy, 3 degraded, 1 a node does not answer.
With '--here NODE' only that node is asked: owners on other nodes do not show, which counts as degraded.

Examples:
  $ holdfast status -f pair.yaml --lab
  $ holdfast status --lab --watch
  $ holdfast status --lab --json | jq '.virtual_ips[] | {name, owners}'`,
    )
    .action(status);
}

async function status(options: StatusOptions): Promise<void> {
  const { cluster } = await loadCluster(options);
  const { observeCluster } = await import("../fleet/status.js");
  const { statusText } = await import("./status-text.js");
  const { paintFor } = await import("./paint.js");
  for (;;) {
    // Asked for each picture anew: a node may have come or gone since.
    const seen = await observeCluster(cluster, await reachWhatRuns(cluster, options));
    process.exitCode = exitCodeOf(seen);
    const text = () => statusText(cluster, seen, paintFor(process.stdout));
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
