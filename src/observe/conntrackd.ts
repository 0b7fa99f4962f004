import type { Host } from "../host/host.js";
import type { Cluster } from "../topology/cluster.js";
import { keepsSessions } from "../topology/select.js";
import { observeProcess } from "./service-process.js";
import type { NodeState } from "./state.js";

/** Whether conntrackd runs; null where there are no sessions to keep. What it does is the agent's to say: it costs a process to ask. */
export async function observeConntrackd(
  host: Host,
  cluster: Cluster,
): Promise<NonNullable<NodeState["conntrackd"]> | null> {
  if (!keepsSessions(cluster)) return null;
  return { process: await observeProcess(host, "conntrackd") };
}
