import type { Host } from "../host/host.js";
import type { Cluster } from "../topology/cluster.js";
import { observeProcess } from "./service-process.js";
import type { NodeState } from "./state.js";

/** Whether the multiplexer runs; empty where no session passes through it. */
export async function observeMultiplexer(
  host: Host,
  cluster: Cluster,
): Promise<Pick<NodeState, "multiplexer">> {
  if (!cluster.services.some(({ mirror }) => mirror?.via === "inline")) return {};
  return { multiplexer: { process: await observeProcess(host, "holdfast-multiplexer") } };
}
