import { startInBackground } from "./background.js";
import type { Listener, MachinePlan } from "./layout-plan.js";
import type { ProcessId } from "./processes.js";
import { program } from "./program.js";
import { clientConf, clientDirectory } from "./vpn-disks.js";

const python = ["/usr/bin/python3", "-B"]; // -B: nothing is written beside our own files.

/** The program that answers on one port of a server. */
function serverArgv({ kind, port, status }: Listener, address: string): string[] {
  if (kind !== "openflow" && kind !== "master")
    return [...python, program.responder, kind, String(port), String(status)];
  const where = ["--ofp-tcp-listen-port", String(port), "--ofp-listen-host", address];
  const application = kind === "master" ? program.masterController : program.learningSwitch;
  return [...python, "/usr/bin/osken-manager", ...where, application];
}

/** @param first a server that is tried before those of the client's profile */
export const startVpnClient = (init: ProcessId, first: readonly string[] = []): Promise<void> =>
  startInBackground(init, "openvpn", [
    ...["/usr/sbin/openvpn", "--cd", clientDirectory],
    ...first,
    ...["--config", clientConf],
  ]);

/** What a machine without an agent runs: a server's programs, a VPN client. */
export async function startPrograms(init: ProcessId, machine: MachinePlan): Promise<void> {
  if (machine.kind === "vpn-client") await startVpnClient(init);
  const address = machine.ports[0]?.addresses[0]?.address ?? "";
  for (const listener of machine.listeners)
    await startInBackground(init, `${listener.kind}-${listener.port}`, serverArgv(listener, address));
}
