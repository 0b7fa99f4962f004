/** What becomes of a line of a proxy: its kind, why, and what to do. */
type Loss = readonly [kind: "lost" | "replaced", why: string, cure?: string];

const firewall =
  "keep it out in the firewall: holdfast leaves rules alone that are not its own (iptables, chain INPUT)";
const notHttp = "holdfast balances TCP, not HTTP";

/** Lines that a service is the same without: holdfast sets all of this itself. */
export const made: ReadonlySet<string> = new Set([
  ...[
    "log",
    "log-format",
    "log-tag",
    "error-log-format",
    "timeout",
    "maxconn",
    "retries",
    "backlog",
    "fullconn",
  ],
  ...[
    "balance",
    "hash-type",
    "mode",
    "bind",
    "server",
    "default-server",
    "default_backend",
    "source",
    "description",
  ],
  ...[
    "tcp-check",
    "http-check",
    "rate-limit",
    "id",
    "bind-process",
    "grace",
    "load-server-state-from-file",
    "guid",
  ],
  ...["unique-id-format", "unique-id-header", "clitcpka-idle", "clitcpka-intvl", "clitcpka-cnt"],
  ...["srvtcpka-idle", "srvtcpka-intvl", "srvtcpka-cnt", "no", "disabled", "enabled", "hash-balance-factor"],
]);

export const losses: Readonly<Record<string, Loss>> = {
  acl: ["lost", "services have no conditions"],
  use_backend: ["lost", "a service has one pool"],
  "use-server": ["lost", "the balance chooses the server"],
  "tcp-request": ["lost", "connections are neither inspected nor filtered", firewall],
  "tcp-response": ["lost", "connections are neither inspected nor filtered"],
  "stick-table": ["lost", "stick tables are not supported", "balance: source keeps a client at its server"],
  stick: ["lost", "stick tables are not supported", "balance: source keeps a client at its server"],
  "http-request": ["lost", notHttp],
  "http-response": ["lost", notHttp],
  "http-after-response": ["lost", notHttp],
  "http-reuse": ["lost", notHttp],
  "http-send-name-header": ["lost", notHttp],
  "http-error": ["lost", notHttp],
  capture: ["lost", notHttp],
  cookie: ["lost", notHttp],
  redirect: ["lost", notHttp],
  errorfile: ["lost", notHttp],
  errorfiles: ["lost", notHttp],
  errorloc: ["lost", notHttp],
  compression: ["lost", notHttp],
  filter: ["lost", "sessions pass as they are"],
  "monitor-uri": ["lost", notHttp, "ask 'holdfast status'"],
  "monitor-net": ["lost", "every client is served alike"],
  "server-template": ["lost", "a server of the topology has an address of its own", "add each to servers"],
  dispatch: ["lost", "a service has servers", "add it to servers"],
  stats: ["lost", "HAProxy has no page of its own", "'holdfast status' and the agent's /metrics say as much"],
  "email-alert": ["lost", "holdfast sends no mail", "follow 'holdfast events --follow'"],
  "force-persist": ["lost", "services have no conditions"],
  "ignore-persist": ["lost", "services have no conditions"],
};

/** Options (`option NAME`) that change what passes or who sees what. */
export const optionLosses: Readonly<Record<string, Loss>> = {
  forwardfor: [
    "lost",
    notHttp,
    "where servers must see their clients: transparent: true, if they answer through the pair",
  ],
  "http-server-close": ["lost", notHttp],
  httpclose: ["lost", notHttp],
  "http-keep-alive": ["lost", notHttp],
  originalto: ["lost", notHttp],
  persist: ["lost", notHttp],
  transparent: ["lost", "a service has servers"],
  http_proxy: ["lost", "a service has servers"],
  "log-health-checks": ["replaced", "every change of a server is an event"],
};

/** Lines and options by which HTTP, or what a client sends, decides where it ends: a service would misroute it. */
export const isChoice = (key: string): boolean =>
  ["use_backend", "use-server", "redirect", "dispatch"].includes(key);

/** Lines that show that HTTP is looked into, without choosing a server by it. */
export const isHttp = (key: string): boolean => losses[key]?.[1] === notHttp;
