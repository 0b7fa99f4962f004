import type { Command } from "commander";
import type { FleetPlan, Hosts } from "../fleet/plan.js";
import type { Cluster } from "../topology/cluster.js";
import { printJson, UserError } from "./context.js";
import { type ReachOptions, reachNodes, reachOptions } from "./reach.js";
import { clusterOptions, loadCluster } from "./topology-file.js";
import { programVersion } from "./version.js";

interface ApplyOptions extends ReachOptions {
  readonly plan?: string;
  readonly yes?: boolean;
  readonly confirmTimeout?: string;
  readonly without?: string;
}

export function registerApply(program: Command): void {
  reachOptions(clusterOptions(program.command("apply")))
    .description("bring every node to what the topology says, or none")
    .option("--plan <plan>", "carry out this plan of 'plan --out', unless something changed since")
    .option("-y, --yes", "do not ask")
    .option("--confirm-timeout <duration>", "not supported yet")
    .option("--without <node>", "not supported yet")
    .addHelpText(
      "after",
      `
Every engine checks its files before anything changes. The standby goes first; when a node fails, all are put back.

Examples:
  $ holdfast apply -f pair.yaml --lab
  $ holdfast apply -f pair.yaml --here lb-a --yes
  $ holdfast plan --lab --out monday.plan && holdfast apply --lab --plan monday.plan`,
    )
    .action(apply);
}

async function apply(options: ApplyOptions): Promise<void> {
  for (const [flag, value] of [
    ["--confirm-timeout", options.confirmTimeout],
    ["--without", options.without],
  ])
    if (value !== undefined) throw new UserError(`${flag} is not supported yet; leave it out`);
  const { cluster } = await loadCluster(options);
  const hosts = await reachNodes(cluster, options);
  const { applyFleet } = await import("../fleet/apply.js");
  const { progressLine } = await import("./progress-text.js");
  const out = options.json ? process.stderr : process.stdout;
  const abort = new AbortController();
  const interrupt = () => abort.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    const plan = await applyFleet({
      cluster,
      hosts,
      programVersion,
      approve: await approval(options),
      order: await standbyFirst(cluster, hosts),
      onProgress: (progress) => out.write(progressLine(progress)),
      signal: abort.signal,
    });
    conclude(plan, options);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** A kept plan, `--yes`, or a person says whether it goes on. */
async function approval(options: ApplyOptions): Promise<(plan: FleetPlan) => Promise<boolean>> {
  if (options.plan !== undefined) {
    const { readPlanDigest } = await import("./plan-file.js");
    const digest = await readPlanDigest(options.plan);
    return async (plan) => {
      if (plan.digest === digest) return true;
      throw new UserError(`what runs, or the topology, changed since ${options.plan} was made; plan again`);
    };
  }
  if (options.yes) return async () => true;
  const { askPerson } = await import("./ask-person.js");
  return async (plan) => plan.isEmpty || askPerson(plan);
}

/** Nodes that hold fewer virtual IPs first; where nobody holds one, the preferred node is the first to start. */
async function standbyFirst(cluster: Cluster, hosts: Hosts): Promise<string[]> {
  const { observeOwned } = await import("../observe/addresses.js");
  const held = await Promise.all(
    [...hosts].map(async ([name, host]) => ({ name, count: (await observeOwned(host, cluster)).length })),
  );
  const nobody = held.every(({ count }) => count === 0);
  return (nobody ? held : held.reverse()).sort((a, b) => a.count - b.count).map(({ name }) => name);
}

function conclude(plan: FleetPlan | null, { json }: ApplyOptions): void {
  if (plan === null) throw new UserError("nothing was changed");
  const names = plan.nodes.map(({ node }) => node);
  const { number, digest } = plan.generation;
  const changed = plan.nodes.filter((node) => !node.isEmpty).map(({ node }) => node);
  if (json) printJson("apply", { cluster: plan.cluster, generation: plan.generation, nodes: names, changed });
  else {
    const state = `Generation ${number} (${digest.slice(0, 6)}) runs on ${names.join(" and ")}`;
    process.stdout.write(changed.length === 0 ? `Nothing to do. ${state}.\n` : `${state}.\n`);
  }
}
