import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import { parsePids, parseStat } from "./process.js";
import type { NodeState } from "./state.js";
import { dumpVrrp } from "./vrrp-dump.js";

/** keepalived's parent, and its children: the first of them speaks VRRP in a configuration of ours. */
export async function keepalivedProcesses(host: Host): Promise<{ parent: number; vrrp: number } | null> {
  const [parent] = parsePids(await host.read(paths.keepalivedPid));
  if (parent === undefined) return null;
  const [vrrp] = parsePids(await host.read(`/proc/${parent}/task/${parent}/children`));
  return vrrp === undefined ? null : { parent, vrrp };
}

/** What keepalived says of itself; a dead or frozen one says nothing. Takes at most about `patience` milliseconds. */
export async function observeVrrp(host: Host, patience = 600): Promise<NodeState["keepalived"]> {
  const processes = await keepalivedProcesses(host);
  if (processes === null) return { process: "dead", instances: [] };
  const stat = parseStat((await host.read(`/proc/${processes.vrrp}/stat`)) ?? "");
  if (stat === null || stat.state !== "running") return { process: stat?.state ?? "dead", instances: [] };
  const dump = (await dumpVrrp(host, processes.vrrp, patience)) ?? [];
  const instances = dump.map(({ name, state, priority }) => ({
    network: name,
    state,
    effectivePriority: priority.effective,
  }));
  return { process: "running", instances };
}
