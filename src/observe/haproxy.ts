import type { Host } from "../host/host.js";
import { throughMultiplexer } from "../render/haproxy.js";
import { paths } from "../render/paths.js";
import type { NodeState, ServerState } from "./state.js";

/** Servers of every backend (HAProxy management guide, 9.3, `show stat <proxy> <type> <sid>`; type 4 is servers). */
export const showServers = "show stat -1 4 -1";

/** Only these take new sessions: NOLB, DRAIN, MAINT and DOWN do not; `no check` is trusted. "UP 1/3" is on its way down. */
const isUp = (status: string): boolean => /^(UP|no check)/.test(status);

/**
 * HAProxy's words (2.6.12) for a check that was answered by a reset. L4CON is also what it says where no way leads to the
 * server.
 */
const isRefused = (check: string, words: string): boolean =>
  check === "L4CON" && words.startsWith("Connection refused");

/** Reads the CSV of `show stat`. Fields after those read here may hold quoted commas; names of ours cannot. */
export function parseServers(csv: string): ServerState[] {
  const [header, ...rows] = csv.split("\n").filter((line) => line.trim() !== "");
  if (header === undefined || !header.startsWith("# ")) return [];
  const columns = header.slice(2).split(",");
  const [service, name, status, sessions, rate, check, words] = [
    ...["pxname", "svname", "status", "scur", "rate", "check_status", "last_chk"],
  ].map((key) => columns.indexOf(key));
  const servers = rows.map((row) => {
    const fields = row.split(",");
    const field = (index = -1) => fields[index] ?? "";
    return {
      service: field(service),
      name: field(name),
      up: isUp(field(status)),
      status: field(status),
      sessions: Number(field(sessions)) || 0,
      rate: Number(field(rate)) || 0,
      refused: isRefused(field(check), field(words)),
    };
  });
  const through = new Set(servers.filter(isThrough).map((server) => server.service));
  return servers.flatMap((server) => {
    if (isThrough(server)) return [];
    const { sessions } = server;
    const past = through.has(throughMultiplexer(server.service)) ? { past: sessions } : {};
    const all = [server, ...servers.filter((other) => isSameThrough(other, server))];
    return [{ ...server, ...past, sessions: sum(all, "sessions"), rate: sum(all, "rate") }];
  });
}

/** Of the backend by way of the multiplexer: the same server once more. */
const isThrough = ({ service }: ServerState): boolean => service.endsWith(throughMultiplexer(""));

const isSameThrough = (other: ServerState, { service, name }: ServerState): boolean =>
  other.service === throughMultiplexer(service) && other.name === name;

const sum = (servers: readonly ServerState[], of: "sessions" | "rate"): number =>
  servers.reduce((total, server) => total + (server[of] ?? 0), 0);

/** What HAProxy says of its servers. One that accepts but does not answer is frozen. */
export async function observeHaproxy(host: Host, timeout = 1_000): Promise<NodeState["haproxy"]> {
  try {
    const servers = parseServers(await host.ask(paths.haproxyAdmin, `${showServers}\n`, timeout));
    return { process: "running", servers };
  } catch (error) {
    const refused = error instanceof Error && "code" in error;
    return { process: refused ? "dead" : "frozen", servers: [] };
  }
}
