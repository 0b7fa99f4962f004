import type { Host } from "../host/host.js";
import { type Patience, until } from "./patience.js";
import type { Step } from "./steps.js";

export const isOpenvpn = (service: string): boolean => service.startsWith("openvpn-server@");

/** Looks in a row that have to find one and the same process: what OpenVPN lacks it finds out in its first moments. */
const steadyLooks = 6;

/** Returns once OpenVPN has come to stay. Its last words are in its journal alone: whoever has to know is told where. */
export function awaitOpenvpn(host: Host, service: string, patience: Patience): Promise<void> {
  let seen: number | null = null;
  let looks = 0;
  return until(async () => {
    const { pid } = await host.services.status(service);
    looks = pid !== null && pid === seen ? looks + 1 : 0;
    seen = pid;
    return looks >= steadyLooks
      ? null
      : `${service} does not stay up; OpenVPN's last words there: journalctl -u ${service}`;
  }, patience);
}

/**
 * Which OpenVPN processes that ran before these steps do not run after they were undone, a line each. A file that was put
 * back does not start one whose certificates are no longer those that it had read.
 */
export async function openvpnLost(host: Host, undone: readonly Step[], patience: Patience): Promise<string> {
  const ran = undone.flatMap((step) =>
    (step.kind === "restart" || step.kind === "stop") && isOpenvpn(step.service) ? [step.service] : [],
  );
  const lost = await Promise.all(
    ran.map((service) =>
      awaitOpenvpn(host, service, patience).then(
        () => [],
        (error: Error) => [error.message],
      ),
    ),
  );
  return lost.flat().join("\n");
}
