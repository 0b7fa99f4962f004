import type { VpnReportWithRoutes } from "../agent/vpn/vpn-report.js";
import { RefusedCall, UnreachableError } from "../fleet/client-errors.js";
import { isOfVpnServer, type MachineReport } from "../fleet/node-report.js";
import { vpnServerStatus, vpnSightingOf } from "../fleet/vpn-status.js";
import type { ReachedAgent } from "./agents.js";

/** Milliseconds. */
const patience = 5_000;

/** What one server's agent says. */
export type VpnLook =
  /** Troubles are those of `status`, a clause each; none where the server is healthy. */
  | { readonly server: string; readonly report: VpnReportWithRoutes; readonly troubles: readonly string[] }
  /** It does not answer, or has no VPN server to tell of. */
  | { readonly server: string; readonly report: null; readonly why: string };

/** Asks the agent of a server. @param agent undefined where the server is off */
export async function lookAtVpnServer(server: string, agent: ReachedAgent | undefined): Promise<VpnLook> {
  if (agent === undefined) return { server, report: null, why: "is off" };
  try {
    const ask = (what: "node" | "state") => agent.client.call(what, {}, { timeout: patience });
    const [node, state] = await Promise.all([ask("node"), ask("state")]);
    const seen = node as unknown as MachineReport;
    const { vpn } = state as { readonly vpn?: VpnReportWithRoutes };
    if (!isOfVpnServer(seen) || vpn === undefined)
      return { server, report: null, why: "has no generation with VPN servers yet" };
    const { troubles } = vpnServerStatus(vpnSightingOf(seen));
    return { server: seen.name, report: vpn, troubles };
  } catch (error) {
    return { server, report: null, why: whyOf(error) };
  }
}

/** Without the server's name, beside which it is said. */
function whyOf(error: unknown): string {
  if (error instanceof UnreachableError) return `is out of reach: ${error.causes.join("; ")}`;
  if (error instanceof RefusedCall) {
    const itself = `${error.node}: `;
    return error.reason.startsWith(itself) ? error.reason.slice(itself.length) : error.reason;
  }
  return error instanceof Error ? error.message : String(error);
}
