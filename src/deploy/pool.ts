/** A server as its line in haproxy.cfg has it. */
export interface PoolServer {
  readonly name: string;
  /** `10.0.2.11:6653`, `[fd00::11]:6653`. */
  readonly endpoint: string;
  readonly id: number;
  readonly weight: number;
  readonly backup: boolean;
  /** What HAProxy cannot change while it runs: the check and the source address. */
  readonly fixed: string;
  /** All that follows the name: what `add server` takes. */
  readonly settings: string;
}

/** The servers of each backend, in the file's order. */
export type Pool = ReadonlyMap<string, readonly PoolServer[]>;

const backendLine = /^(backend|frontend|defaults|global)\b ?(\S*)$/;
const serverLine = /^ {4}server (\S+) ((\S+) id (\d+) weight (\d+)( backup)?(?: (.*))?)$/;

/** Reads a rendered haproxy.cfg; null when it is not one, for instance that of an earlier program. */
export function poolOf(cfg: string): Pool | null {
  const pool = new Map<string, PoolServer[]>();
  let servers: PoolServer[] | null = null;
  for (const line of cfg.split("\n")) {
    const [, section, backend = ""] = backendLine.exec(line) ?? [];
    if (section !== undefined) {
      servers = section === "backend" ? [] : null;
      if (servers !== null) pool.set(backend, servers);
    } else if (isServerLine(line)) {
      const server = parseServer(line);
      if (server === null || servers === null) return null;
      servers.push(server);
    }
  }
  return pool;
}

const isServerLine = (line: string): boolean => /^\s*server\s/.test(line);

function parseServer(line: string): PoolServer | null {
  const [, name = "", settings = "", endpoint = "", id, weight, backup, fixed = ""] =
    serverLine.exec(line) ?? [];
  if (name === "") return null;
  return {
    ...{ name, endpoint, settings, fixed },
    id: Number(id),
    weight: Number(weight),
    backup: backup !== undefined,
  };
}

/**
 * Whether HAProxy could get from one file to the other while it runs: they differ in servers alone, and none is
 * checked or reached in another way than some server of its backend was.
 */
export function differInServersAlone(before: string, after: string): boolean {
  const [had, wanted] = [poolOf(before), poolOf(after)];
  if (had === null || wanted === null || withoutServers(before) !== withoutServers(after)) return false;
  return [...wanted].every(([backend, servers]) => {
    const known = new Map(had.get(backend)?.map((server) => [server.name, server]));
    const ways = new Set([...known.values()].map(({ fixed }) => fixed));
    return servers.every(({ name, fixed }) => ways.has(fixed) && (known.get(name)?.fixed ?? fixed) === fixed);
  });
}

const withoutServers = (cfg: string): string =>
  cfg
    .split("\n")
    .filter((line) => !isServerLine(line))
    .join("\n");
