import { type AgentOptions, reachAgents } from "./agents.js";
import { exit, printJson, UserError } from "./context.js";
import { clusterToReach } from "./topology-file.js";
import { lookAtVpnServer, type VpnLook } from "./vpn-look.js";
import { vpnOverview } from "./vpn-overview.js";
import { vpnStatusText } from "./vpn-status-text.js";

/** Who is connected to which server, and by which routes the servers reach whom. */
export async function showVpn(options: AgentOptions): Promise<void> {
  // This machine's own agent knows of its own server alone, and needs no file to be found.
  const cluster = options.here === true ? null : await clusterToReach(options);
  if (cluster !== null && cluster.vpn === null)
    throw new UserError(`${cluster.name} has no VPN servers: a section \`vpn\` describes them`);
  const agents = await reachAgents(options, cluster ?? undefined);
  const agentOf = (server: string) => agents.find(({ node }) => node === server);
  const servers = cluster?.vpn?.servers.map(({ name }) => [name, agentOf(name)] as const);
  const asked = servers ?? agents.map((agent) => [agent.node, agent] as const);
  try {
    const looks = await Promise.all(asked.map(([server, agent]) => lookAtVpnServer(server, agent)));
    show(cluster?.name ?? null, options, looks);
  } finally {
    for (const { client } of agents) client.close();
  }
}

/** @param cluster null where only its own agent was asked */
function show(cluster: string | null, { json = false }: AgentOptions, looks: readonly VpnLook[]): void {
  const seen = looks.flatMap((look) => (look.report === null ? [] : [look]));
  const unreached = looks.flatMap((look) =>
    look.report === null ? [{ server: look.server, why: look.why }] : [],
  );
  const troubles = seen.flatMap(({ server, troubles: own }) => own.map((why) => ({ server, why })));
  const overview = vpnOverview(
    seen.map(({ report }) => report),
    Date.now(),
  );
  const healthy = unreached.length === 0 && troubles.length === 0;
  process.exitCode = unreached.length > 0 ? exit.error : healthy ? exit.ok : exit.degraded;
  if (json) printJson("vpn-status", { cluster, healthy, ...overview, troubles, unreached });
  else {
    process.stdout.write(vpnStatusText(looks, overview));
    for (const { server, why } of [...troubles, ...unreached]) process.stdout.write(`! ${server}: ${why}\n`);
  }
}
