import type { Command } from "commander";
import { isElsewhere } from "../api/api-error.js";
import type { Answer, Call, CallRoute } from "../api/call.js";
import type { AgentClient } from "../fleet/client.js";
import type { RefusedCall, UnreachableError } from "../fleet/client-errors.js";
import type { Lab } from "../lab/lab.js";
import type { Cluster } from "../topology/cluster.js";
import { machineNames } from "../topology/machines.js";
import { type ClusterOptions, UserError } from "./context.js";
import type { OperatorOptions } from "./operator-bundle.js";
import { clusterToReach, labOption } from "./topology-file.js";

/** How agents are reached: the real nodes over the network unless one of the two switches says otherwise. */
export interface AgentOptions extends ClusterOptions, OperatorOptions {
  /** Through the Unix socket of this machine's own agent. */
  readonly here?: boolean;
}

export const agentOptions = (command: Command): Command =>
  certificateOptions(
    labOption(command).option(
      "--here",
      "ask this machine's own agent, as root on a node; no topology file is needed",
    ),
  );

/** Who the operator is to agents over the network. */
export const certificateOptions = (command: Command): Command =>
  command
    .option("--pki <dir>", "certificates (default: $HOLDFAST_PKI, then ~/.config/holdfast/CLUSTER)")
    .option("--as <name>", "whose certificate to use (default: $HOLDFAST_OPERATOR, then the only one there)");

/** An agent that can be asked, and the node it runs on as far as that is known. */
export interface ReachedAgent {
  readonly node: string;
  readonly client: AgentClient;
}

/**
 * The agents that the options name, preferred node first.
 *
 * @param known the topology that they name, where it was read already: standard input can be read only once
 */
export async function reachAgents(options: AgentOptions, known?: Cluster): Promise<ReachedAgent[]> {
  if (options.lab && options.here) throw new UserError("--lab and --here are two places; give one of them");
  if (options.here) return [await ownAgent()];
  const cluster = known ?? (await clusterToReach(options));
  if (!options.lab) return agentsOverNetwork(cluster, options);
  const { openLab } = await import("../lab/open.js");
  return agentsOfLab(openLab(cluster.name));
}

/** The agents of all nodes but some. Throws when nobody would be left. */
export async function reachAllBut(
  without: readonly string[],
  options: AgentOptions,
  cluster: Cluster,
): Promise<ReachedAgent[]> {
  const names = machineNames(cluster);
  if (names.every((name) => without.includes(name)))
    throw new UserError(`--without ${names.join(" ")}: nobody would be left`);
  return (await reachAgents(options, cluster)).filter(({ node }) => !without.includes(node));
}

async function ownAgent(): Promise<ReachedAgent> {
  if (process.getuid?.() !== 0)
    throw new UserError("the agent's socket belongs to root: run this with sudo, or without --here");
  const { AgentClient } = await import("../fleet/client.js");
  const { paths } = await import("../render/paths.js");
  return {
    node: "this node",
    client: new AgentClient("this node", { kind: "unix", path: paths.agentSocket }),
  };
}

/** A node of the lab that is off has no agent to ask. */
export async function agentsOfLab(lab: Pick<Lab, "cluster" | "agentSocket">): Promise<ReachedAgent[]> {
  const { AgentClient } = await import("../fleet/client.js");
  return machineNames(lab.cluster).flatMap((name) => {
    const path = lab.agentSocket(name);
    return path === null ? [] : [{ node: name, client: new AgentClient(name, { kind: "unix", path }) }];
  });
}

async function agentsOverNetwork(cluster: Cluster, options: AgentOptions): Promise<ReachedAgent[]> {
  const { operatorBundle } = await import("./operator-bundle.js");
  const { AgentClient } = await import("../fleet/client.js");
  const { agentAddresses } = await import("../fleet/agent-addresses.js");
  const { secureContextOf } = await import("../pki/policy.js");
  const tls = secureContextOf(await operatorBundle(cluster.name, options));
  return machineNames(cluster).map((name) => ({
    node: name,
    client: new AgentClient(name, {
      kind: "tls",
      candidates: agentAddresses(name, [cluster]),
      expect: { cluster: cluster.name, role: "node", name },
      tls,
    }),
  }));
}

/**
 * Asks one agent after the other until one does it: an agent that does not answer, or says that another one may, is
 * passed over, unless it may have begun a change. Throws with every reason when none is left.
 */
export async function askFirst<N extends CallRoute, A extends Pick<ReachedAgent, "node"> & Askable>(
  agents: readonly A[],
  route: N,
  call: Call<N>,
  timeout?: number,
): Promise<{ readonly agent: A; readonly answer: Answer<N> }> {
  const errors = await import("../fleet/client-errors.js");
  const passed: (UnreachableError | RefusedCall)[] = [];
  for (const agent of agents)
    try {
      const answer = await agent.client.call(route, call, timeout === undefined ? {} : { timeout });
      return { agent, answer };
    } catch (error) {
      const isSilent = error instanceof errors.UnreachableError;
      if (isSilent && error.sent && begins.has(route))
        throw new UserError(
          `${error.message}; it may have taken the request: 'holdfast status' and 'holdfast history' show what became of it`,
        );
      if (!isSilent && !(error instanceof errors.RefusedCall && isElsewhere(error.details))) throw error;
      passed.push(error);
    }
  const { nobodyDoes } = await import("./no-answer.js");
  throw nobodyDoes(passed);
}

/** Never asked for twice: two agents would each begin one. To confirm, or to note a maintenance, twice is to do it once. */
const begins: ReadonlySet<CallRoute> = new Set(["apply", "rollback", "switchover"]);

/** Of an agent's client, what asking it once takes. */
interface Askable {
  readonly client: Pick<AgentClient, "call">;
}
