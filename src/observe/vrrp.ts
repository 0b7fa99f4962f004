import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import { handlesSignal, parsePids, parseStat } from "./process.js";
import type { InstanceState, NodeState, VrrpState } from "./state.js";

/** keepalived's numbers (vrrp.h, VRRP_STATE_*). */
const states: readonly VrrpState[] = ["init", "backup", "master", "fault"];

/** Reads what keepalived writes on signal JSON; null while it is not yet complete. */
export function parseVrrp(text: string): InstanceState[] | null {
  try {
    const dump: unknown = JSON.parse(text);
    if (!Array.isArray(dump)) return null;
    return dump.map(({ data }) => ({
      network: String(data.iname),
      state: states[Number(data.state)] ?? "init",
      effectivePriority: Number(data.effective_priority),
    }));
  } catch {
    return null;
  }
}

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
  return { process: "running", instances: await askVrrp(host, processes.vrrp, patience) };
}

/** Has the VRRP process dump its state; empty when it does not in time. */
async function askVrrp(host: Host, vrrp: number, patience: number): Promise<InstanceState[]> {
  const signal = await jsonSignal(host);
  const deadline = host.now() + patience;
  do {
    // A process that does not handle the signal yet would die of it (signal(7), real-time signals).
    const status = (await host.read(`/proc/${vrrp}/status`)) ?? "";
    if (handlesSignal(status, signal)) {
      await host.remove(paths.keepalivedJson);
      await host.run(["kill", `-${signal}`, String(vrrp)]);
      const answer = await answered(host, Math.min(deadline, host.now() + patience / 2));
      if (answer !== null) return answer;
    }
    await sleep(10);
  } while (host.now() < deadline);
  return [];
}

/** Waits for a complete dump. Another reader may remove it under our eyes: the caller then asks again. */
async function answered(host: Host, deadline: number): Promise<InstanceState[] | null> {
  do {
    const instances = parseVrrp((await host.read(paths.keepalivedJson)) ?? "");
    if (instances !== null) return instances;
    await sleep(5);
  } while (host.now() < deadline);
  return null;
}

/** keepalived numbers its real-time signals by build: it is asked. */
async function jsonSignal(host: Host): Promise<number> {
  const { stdout, exitCode } = await host.run(["keepalived", "--signum=JSON"]);
  const number = Number(stdout.trim());
  if (exitCode !== 0 || !Number.isInteger(number) || number < 1 || number > 64)
    throw new Error(
      `${host.name}: this keepalived cannot dump its state as JSON (built without --enable-json)`,
    );
  return number;
}
