import { AgentClient, UnreachableError } from "../fleet/client.js";
import type { VpnServerReport } from "../fleet/node-report.js";
import { noVpnServerSeen, type VpnSighting, vpnSightingOf } from "../fleet/vpn-status.js";
import type { Lab } from "../lab/lab.js";
import { observeDrift } from "../observe/drift.js";
import { observeVpnServer } from "../observe/vpn-server.js";
import type { Vpn, VpnServer } from "../topology/cluster.js";

/** Milliseconds. */
const patience = 5_000;

/** A VPN server of a lab in its agent's words; where the agent is dead, in those of its engines, which go on serving. */
export async function vpnSightingIn(lab: Lab, vpn: Vpn, server: VpnServer): Promise<VpnSighting> {
  const path = lab.agentSocket(server.name);
  if (path === null) return noVpnServerSeen(server.name);
  const client = new AgentClient(server.name, { kind: "unix", path });
  try {
    return vpnSightingOf(
      (await client.call("node", {}, { timeout: patience })) as unknown as VpnServerReport,
    );
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return await enginesOf(lab, vpn, server);
  } finally {
    client.close();
  }
}

async function enginesOf(lab: Lab, vpn: Vpn, server: VpnServer): Promise<VpnSighting> {
  try {
    const { host } = lab.machine(server.name);
    const drift = await observeDrift(host);
    const sentences = drift.map(({ sentence }) => sentence);
    const state = await observeVpnServer(host, vpn, server, sentences);
    return { state, report: null, troubles: [], clients: null };
  } catch {
    return noVpnServerSeen(server.name); // Off, or booting.
  }
}
