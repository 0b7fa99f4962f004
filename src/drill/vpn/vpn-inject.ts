import type { Lab, LabFaults } from "../../lab/lab.js";
import { clientLog } from "./eyes.js";
import type { VpnInjection } from "./vpn-injection.js";

/** @param begun where in a client's log its last start began; set for each that starts */
export async function injectVpn(
  injection: VpnInjection,
  lab: Lab,
  begun: Map<string, number>,
): Promise<void> {
  const { faults } = lab;
  switch (injection.kind) {
    case "power":
      return faults.powerOff(injection.server);
    case "cut":
      return faults.cutBetween(injection.server, injection.other);
    case "heal":
      return faults.healBetween(injection.server, injection.other);
    case "lie":
      return faults.lie(injection.server);
    case "roam":
      await Promise.all(
        injection.moves.map(async ({ client, server }) => {
          begun.set(client, ((await lab.machine(client).host.read(clientLog)) ?? "").length);
          await faults.signal(client, "openvpn", "SIGKILL");
          await faults.connect(client, server);
        }),
      );
  }
}

/** The inverse of each fault. A client is as well off on one server as on the other. */
export async function undoVpn(injection: VpnInjection, faults: LabFaults): Promise<void> {
  switch (injection.kind) {
    case "power":
      return faults.powerOn(injection.server);
    case "cut":
    case "heal":
      return faults.healBetween(injection.server, injection.other);
    case "lie":
      return faults.tellTruth(injection.server);
    case "roam":
  }
}
