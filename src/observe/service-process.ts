import type { Host } from "../host/host.js";
import { parseStat } from "./process.js";
import type { ProcessState } from "./state.js";

/** How the first process of a service is. */
export async function observeProcess(host: Host, service: string): Promise<ProcessState> {
  const { pid } = await host.services.status(service);
  const stat = (pid === null ? null : await host.read(`/proc/${pid}/stat`)) ?? "";
  return parseStat(stat)?.state ?? "dead";
}
