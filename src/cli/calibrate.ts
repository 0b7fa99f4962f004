import type { Command } from "commander";
import type { NodeCalibration, Present } from "../calibrate/calibrate-text.js";
import type { Cluster } from "../topology/cluster.js";
import { type AgentOptions, agentOptions, type ReachedAgent, reachAgents } from "./agents.js";
import { exit, printJson, UserError } from "./context.js";
import { interruptible } from "./interruption.js";
import { needNodes } from "./need-nodes.js";
import { clusterOptions, clusterToReach } from "./topology-file.js";

interface CalibrateOptions extends AgentOptions {
  readonly node?: string;
  readonly seconds: string;
  readonly activeToo?: boolean;
}

/** Milliseconds that an agent may take beyond the measurement itself. */
const grace = 15_000;

export function registerCalibrate(program: Command): void {
  agentOptions(clusterOptions(program.command("calibrate")))
    .description(
      "measure how long the nodes' machines stall, and say which advert interval keeps false failovers out",
    )
    .option("--node <node>", "this node only")
    .option("--seconds <n>", "how long idle, and how long again with busy processors, 1 to 300", "30")
    .option("--active-too", "load the active node too (by default it is only watched)")
    .addHelpText(
      "after",
      `
Every node is watched idle, all at once, then under load (a busy loop a processor), one after the other. The load ends
with the command, with the agent, and at once when the node becomes active.
Exit code: 0 the topology's interval holds; 3 it does not, or a node was not measured under load; 1 an error.

Examples:
  $ holdfast calibrate -f pair.yaml
  $ holdfast calibrate --node lb-b --seconds 300
  $ holdfast calibrate --lab --seconds 5 --json | jq .recommendation`,
    )
    .action(calibrate);
}

async function calibrate(options: CalibrateOptions): Promise<void> {
  const seconds = Number(options.seconds);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 300)
    throw new UserError(`--seconds ${options.seconds}: write a whole number, 1 to 300`);
  const known = options.here ? null : await clusterToReach(options);
  if (known !== null) needNodes(known, "'holdfast calibrate'");
  const reached = await reachAgents(options, known ?? undefined);
  const cluster = known ?? (await clusterOf(reached));
  needNodes(cluster, "'holdfast calibrate'");
  const isVpn = ({ node }: ReachedAgent) => cluster.vpn?.servers.some(({ name }) => name === node) ?? false;
  const agents = chosen(
    reached.filter((agent) => !isVpn(agent)),
    options,
  );
  const nodes = await interruptible(
    (signal) => measure(agents, { seconds, activeToo: options.activeToo === true }, signal),
    "interrupted; no node carries a load any more",
  );
  const { calibrateText, presentHolds, worstOf } = await import("../calibrate/calibrate-text.js");
  const { margin, recommend } = await import("../calibrate/recommendation.js");
  const { tolerated } = await import("../topology/timing.js");
  const { advertInterval, downAdverts }: Present = cluster.failover;
  const present = { advertInterval, downAdverts };
  const verdict = recommend(
    nodes.map((node) => ({ node: node.name, worst: worstOf(node) })),
    downAdverts,
  );
  const holds = presentHolds(nodes, present);
  if (options.json)
    printJson("calibrate", {
      ...{ cluster: cluster.name, seconds, nodes, margin },
      recommendation: verdict.recommended,
      quickest: Object.fromEntries(verdict.nodes.map(({ node, quickest }) => [node, quickest])),
      present: {
        advert_interval: advertInterval,
        down_adverts: downAdverts,
        tolerated: tolerated(advertInterval, downAdverts),
        holds,
      },
    });
  else process.stdout.write(calibrateText(nodes, verdict, present));
  process.exitCode = holds === true ? exit.ok : exit.degraded;
}

function chosen(agents: readonly ReachedAgent[], { node, here }: CalibrateOptions): readonly ReachedAgent[] {
  if (node === undefined || here) return agents;
  const found = agents.filter((agent) => agent.node === node);
  if (found.length === 0)
    throw new UserError(`--node ${node}: not one of ${agents.map((agent) => agent.node).join(", ")}`);
  return found;
}

/** What runs on the node that is asked, where no file is at hand. */
async function clusterOf([agent]: readonly ReachedAgent[]): Promise<Cluster> {
  if (agent === undefined) throw new UserError("no node to ask: 'holdfast lab status' says which are on");
  const { topology } = await agent.client.call("topology", {});
  const { loadTopology } = await import("../topology/load.js");
  const { cluster } = loadTopology(topology);
  if (cluster === null) throw new UserError("the topology that runs here is not valid for this version");
  return cluster;
}

/** Idle all at once; under load one after the other, so that never more than one is busy. */
async function measure(
  agents: readonly ReachedAgent[],
  { seconds, activeToo }: { readonly seconds: number; readonly activeToo: boolean },
  signal: AbortSignal,
): Promise<NodeCalibration[]> {
  if (agents.length === 0) throw new UserError("no node to ask: 'holdfast lab status' says which are on");
  const { RefusedCall } = await import("../fleet/client-errors.js");
  const ask = ({ client }: ReachedAgent, load: boolean) =>
    client.call(
      "calibrate",
      { body: { seconds, load, active_too: activeToo } },
      { timeout: seconds * 1_000 + grace, signal },
    );
  say(`${agents.map(({ node }) => node).join(", ")}: watched idle for ${seconds} s`);
  const idle = await Promise.all(agents.map((agent) => ask(agent, false)));
  const nodes: NodeCalibration[] = [];
  for (const [index, agent] of agents.entries()) {
    const own = idle[index];
    if (own === undefined) continue;
    const isSpared = own.active && !activeToo;
    if (!isSpared) say(`${own.node}: under load for ${seconds} s`);
    const loaded = isSpared
      ? null
      : await ask(agent, true).catch((error: unknown) => {
          if (error instanceof RefusedCall && error.details.active === true) return null;
          throw error;
        });
    if (loaded === null) say(`${own.node}: it is active and is not loaded`);
    nodes.push({ name: own.node, idle: own, loaded });
  }
  return nodes;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
