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

const vpnClient = ["/usr/sbin/openvpn", "--cd", clientDirectory, "--config", clientConf];

/** What a machine without an agent runs: a server's programs, a VPN client. */
export async function startPrograms(init: ProcessId, machine: MachinePlan): Promise<void> {
  if (machine.kind === "vpn-client") await startInBackground(init, "openvpn", vpnClient);
  const address = machine.ports[0]?.addresses[0]?.address ?? "";
  for (const listener of machine.listeners)
    await startInBackground(init, `${listener.kind}-${listener.port}`, serverArgv(listener, address));
}
