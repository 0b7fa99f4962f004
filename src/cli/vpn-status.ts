import type { VpnReport } from "../agent/vpn/vpn-report.js";
import { sessionCount } from "../vpn/session-count.js";
import { type AgentOptions, type ReachedAgent, reachAgents } from "./agents.js";
import { exit, printJson, UserError } from "./context.js";
import { clusterToReach, count } from "./topology-file.js";
import { type VpnOverview, vpnOverview } from "./vpn-overview.js";

/** Milliseconds. */
const patience = 5_000;

interface Asked {
  readonly server: string;
  /** Null: its agent does not answer, or has no VPN server to tell of. */
  readonly report: VpnReport | null;
  readonly why: string | null;
}

/** Who is connected to which server, and by which routes the servers reach whom. */
export async function showVpn(options: AgentOptions): Promise<void> {
  const cluster = await clusterToReach(options);
  const names = (cluster.vpn?.servers ?? []).map(({ name }) => name);
  if (names.length === 0)
    throw new UserError(`${cluster.name} has no VPN servers: a section \`vpn\` describes them`);
  const agents = await reachAgents(options, cluster);
  try {
    const asked = await Promise.all(
      names.map((name) =>
        ask(
          name,
          agents.find(({ node }) => node === name),
        ),
      ),
    );
    const overview = vpnOverview(
      asked.flatMap(({ report }) => report ?? []),
      Date.now(),
    );
    const silent = asked.flatMap(({ server, report, why }) => (report === null ? [{ server, why }] : []));
    if (silent.length > 0) process.exitCode = exit.error;
    if (options.json === true)
      printJson("vpn-status", { cluster: cluster.name, ...overview, unreached: silent });
    else {
      process.stdout.write(text(names, overview));
      for (const { server, why } of silent) process.stdout.write(`! ${server}: ${why}\n`);
    }
  } finally {
    for (const { client } of agents) client.close();
  }
}

async function ask(server: string, agent: ReachedAgent | undefined): Promise<Asked> {
  if (agent === undefined) return { server, report: null, why: "is off" };
  try {
    const { vpn } = (await agent.client.call("state", {}, { timeout: patience })) as { vpn?: VpnReport };
    return {
      server,
      report: vpn ?? null,
      why: vpn === undefined ? "has no generation with VPN servers yet" : null,
    };
  } catch (error) {
    return { server, report: null, why: error instanceof Error ? error.message : String(error) };
  }
}

/** A server and its clients, a line each. */
function text(servers: readonly string[], { clients, routes }: VpnOverview): string {
  const width = Math.max(0, ...clients.map(({ name }) => name.length));
  return servers
    .map((server) => {
      const own = clients.filter((each) => each.server === server);
      const lines = own.map(
        ({ name, address, since }) => `  ${name.padEnd(width)}  ${address.padEnd(24)}  since ${since}\n`,
      );
      const known = routes.filter((route) => route.server === server);
      return `${server}   ${count(sessionCount(own), "client")}, ${count(known.length, "route")}\n${lines.join("")}`;
    })
    .join("");
}
