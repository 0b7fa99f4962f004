import type { Command } from "commander";
import { type AgentOptions, agentOptions, askFirst, reachAgents } from "./agents.js";
import { exit, printJson } from "./context.js";
import { clusterOptions, loadCluster } from "./topology-file.js";

/** Milliseconds: a peer may take 25 s. */
const patience = 40_000;

export function registerPreflight(program: Command): void {
  agentOptions(clusterOptions(program.command("preflight")))
    .description("say what on the nodes and on the wire would stop the topology from working, with its cure")
    .addHelpText(
      "after",
      `
Before the first apply, and any time later: every node's agent looks at its machine and its networks for a few seconds,
and changes nothing. 'unknown' is what could not be told; it does not count against the nodes.
Exit code: 0 nothing stands against it; 3 a warning; 1 an error.

Examples:
  $ holdfast preflight -f pair.yaml
  $ holdfast preflight --here                        # on a node: the topology that runs
  $ holdfast preflight --lab --json | jq '.findings[] | select(.status != "ok")'`,
    )
    .action(preflight);
}

async function preflight(options: AgentOptions): Promise<void> {
  // A node's own agent knows a topology; anybody else has to name one.
  const file = options.here && options.file === undefined ? null : await loadCluster(options);
  const agents = await reachAgents(options, file?.cluster);
  const { answer } = await askFirst(
    agents,
    "preflight",
    { body: { topology: file?.text ?? null } },
    patience,
  );
  if (options.json) printJson("preflight", { ...answer });
  else {
    const { preflightText } = await import("../preflight/preflight-text.js");
    const { paintFor } = await import("./paint.js");
    process.stdout.write(preflightText(answer, paintFor(process.stdout)));
  }
  process.exitCode =
    answer.verdict === "error" ? exit.error : answer.verdict === "warning" ? exit.degraded : exit.ok;
}
