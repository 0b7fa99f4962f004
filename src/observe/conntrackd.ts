import type { Host } from "../host/host.js";
import type { Cluster } from "../topology/cluster.js";
import { keepsSessions } from "../topology/select.js";
import { parseStat } from "./process.js";
import type { NodeState } from "./state.js";

/** Whether conntrackd runs; null where there are no sessions to keep. What it does is the agent's to say: it costs a process to ask. */
export async function observeConntrackd(
  host: Host,
  cluster: Cluster,
): Promise<NonNullable<NodeState["conntrackd"]> | null> {
  if (!keepsSessions(cluster)) return null;
  const { pid } = await host.services.status("conntrackd");
  const stat = (pid === null ? null : await host.read(`/proc/${pid}/stat`)) ?? "";
  return { process: parseStat(stat)?.state ?? "dead" };
}
