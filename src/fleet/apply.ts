import { type Applied, type Prepared, prepare, RefusedError } from "../deploy/apply.js";
import { defaultPatience, type Patience } from "../deploy/patience.js";
import type { NodePlan } from "../deploy/plan.js";
import { recover } from "../deploy/undo.js";
import type { Host } from "../host/host.js";
import type { Cluster } from "../topology/cluster.js";
import { nodeNamed } from "../topology/select.js";
import { commitOrder } from "./order.js";
import { type FleetPlan, filesOf, type Hosts, planFleet } from "./plan.js";
import type { OnProgress } from "./progress.js";

export interface FleetApply {
  readonly cluster: Cluster;
  readonly hosts: Hosts;
  readonly programVersion: string;
  /** Asked once, with every node's lock held, before anything is staged. False ends the apply. */
  readonly approve: (plan: FleetPlan) => Promise<boolean>;
  /** The standby first; `commitOrder` has the last word. */
  readonly order: readonly string[];
  readonly onProgress: OnProgress;
  /** Before the first commit it ends the apply, after it everything is put back. */
  readonly signal: AbortSignal;
  readonly patience?: Patience;
}

/** An apply that did not happen; the message says why, node by node, and in what state the nodes are. */
export class FleetError extends Error {}

/** All nodes or none. Returns the plan that was carried out, or null when it was not approved. */
export async function applyFleet(apply: FleetApply): Promise<FleetPlan | null> {
  const { cluster, hosts, programVersion, approve, onProgress } = apply;
  return withLocks([...hosts.values()], async () => {
    for (const [node, host] of hosts) if (await recover(host)) onProgress({ kind: "recovered", node });
    const plan = await planFleet(cluster, hosts, programVersion);
    if (!(await approve(plan))) return null;
    const nodes = plan.nodes.filter((node) => !node.isEmpty || node.from?.number !== node.to.number);
    const prepared = await prepareAll(apply, nodes);
    await commitAll(apply, nodes, prepared);
    return plan;
  });
}

/** Every machine's lock, or none; each is freed when `work` has ended. */
function withLocks<T>(hosts: readonly Host[], work: () => Promise<T>): Promise<T> {
  const [host, ...others] = hosts;
  return host === undefined ? work() : host.lock(() => withLocks(others, work));
}

type ByNode<T> = ReadonlyMap<string, T>;

/** Stages and checks everywhere at once; what one node refuses is discarded on all. */
async function prepareAll(apply: FleetApply, nodes: readonly NodePlan[]): Promise<ByNode<Prepared>> {
  const results = await Promise.allSettled(nodes.map((plan) => prepareNode(apply, plan)));
  const prepared = new Map<string, Prepared>();
  const reasons: string[] = [];
  for (const [index, { node }] of nodes.entries()) {
    const result = results[index];
    if (result?.status === "fulfilled") prepared.set(node, result.value);
    else reasons.push(messageOf(result?.reason));
  }
  if (apply.signal.aborted) reasons.push("interrupted");
  if (reasons.length === 0) return prepared;
  await Promise.allSettled([...prepared.values()].map((node) => node.discard()));
  throw new FleetError(`${reasons.join("\n")}\nNothing was changed on any node.`);
}

async function prepareNode(apply: FleetApply, plan: NodePlan): Promise<Prepared> {
  const { onProgress, patience = defaultPatience } = apply;
  const host = hostOf(apply, plan.node);
  const began = host.now();
  try {
    const prepared = await prepare(host, plan, targetOf(apply, plan.node), patience);
    onProgress({ kind: "prepared", node: plan.node, took: host.now() - began, checked: prepared.checked });
    return prepared;
  } catch (error) {
    if (error instanceof RefusedError)
      onProgress({ kind: "refused", node: plan.node, refusals: error.refusals });
    else onProgress({ kind: "failed", stage: "prepare", node: plan.node, why: messageOf(error) });
    throw error;
  }
}

/** One node after the other; when one fails, those before it are put back. */
async function commitAll(
  apply: FleetApply,
  nodes: readonly NodePlan[],
  prepared: ByNode<Prepared>,
): Promise<void> {
  const { onProgress, signal } = apply;
  const applied = new Map<string, Applied>();
  const waiting = new Map(prepared);
  try {
    for (const { node, changes } of commitOrder(nodes, apply.order)) {
      if (signal.aborted) throw new Error("interrupted");
      const began = hostOf(apply, node).now();
      const done = await waiting
        .get(node)
        ?.commit()
        .catch((error: unknown) => {
          onProgress({ kind: "failed", stage: "commit", node, why: messageOf(error) });
          waiting.delete(node);
          throw error;
        });
      waiting.delete(node);
      if (done) applied.set(node, done);
      const took = hostOf(apply, node).now() - began;
      onProgress({ kind: "committed", node, took, changes: changes.length });
    }
  } catch (error) {
    const left = await restoreAll(applied, onProgress);
    await Promise.allSettled([...waiting.values()].map((node) => node.discard()));
    const state =
      left.length === 0
        ? "No node was left changed."
        : `Run apply again to finish putting back:\n${left.join("\n")}`;
    throw new FleetError(`${messageOf(error)}\n${state}`);
  }
  await keepAll(applied);
}

async function restoreAll(applied: ByNode<Applied>, onProgress: OnProgress): Promise<string[]> {
  const left: string[] = [];
  for (const [node, done] of [...applied].reverse())
    try {
      await done.restore();
      onProgress({ kind: "restored", node });
    } catch (error) {
      left.push(`${node}: ${messageOf(error)}`);
    }
  return left;
}

/** The apply has happened on every node; a journal that stays would undo it there at the next one. */
async function keepAll(applied: ByNode<Applied>): Promise<void> {
  const results = await Promise.allSettled([...applied.values()].map((done) => done.keep()));
  const reasons = results.flatMap((result) =>
    result.status === "rejected" ? [messageOf(result.reason)] : [],
  );
  if (reasons.length > 0)
    throw new FleetError(
      `All nodes run the new generation, but a journal could not be closed; run apply again.\n${reasons.join("\n")}`,
    );
}

function hostOf({ hosts }: FleetApply, node: string): Host {
  const host = hosts.get(node);
  if (host === undefined) throw new Error(`node ${node} is not reached`);
  return host;
}

const targetOf = ({ cluster }: FleetApply, node: string) => ({
  cluster,
  node: nodeNamed(cluster, node),
  files: filesOf(cluster, node),
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
