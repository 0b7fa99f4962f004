/** What becomes of a line of a proxy: its kind, why, and what to do. */
export type Loss = readonly [kind: "lost" | "replaced", why: string, cure?: string];

const firewall =
  "keep it out in the firewall: holdfast leaves rules alone that are not its own (iptables, chain INPUT)";
const notHttp = "holdfast balances TCP, not HTTP";
const http: Loss = ["lost", notHttp];
const logs: Loss = ["replaced", "holdfast sets what HAProxy logs"];
const named: Loss = ["replaced", "holdfast writes its own names and numbers"];
const noLimit: Loss = [
  "lost",
  "a service has no limit of sessions",
  "see that the servers bear as many as come, or limit them in the firewall",
];

/** Lines that somebody else reads: they become a part of the service, or are told there. */
export const readElsewhere: ReadonlySet<string> = new Set([
  ...["mode", "bind", "server", "default-server", "default_backend", "balance", "source", "option", "no"],
  ...["default", "timeout", "hash-type", "tcp-check", "http-check", "disabled", "enabled"],
]);

export const losses: Readonly<Record<string, Loss>> = {
  acl: ["lost", "services have no conditions"],
  use_backend: ["lost", "a service has one pool"],
  "use-server": ["lost", "the balance chooses the server"],
  "tcp-request": ["lost", "connections are neither inspected nor filtered", firewall],
  "tcp-response": ["lost", "connections are neither inspected nor filtered"],
  "stick-table": ["lost", "stick tables are not supported", "balance: source keeps a client at its server"],
  stick: ["lost", "stick tables are not supported", "balance: source keeps a client at its server"],
  "http-request": http,
  "http-response": http,
  "http-after-response": http,
  "http-reuse": http,
  "http-send-name-header": http,
  "http-error": http,
  capture: http,
  cookie: http,
  redirect: http,
  errorfile: http,
  errorfiles: http,
  errorloc: http,
  errorloc302: http,
  errorloc303: http,
  compression: http,
  "unique-id-format": http,
  "unique-id-header": http,
  filter: ["lost", "sessions pass as they are"],
  "monitor-uri": ["lost", notHttp, "ask 'holdfast status'"],
  "monitor-net": ["lost", "every client is served alike"],
  "server-template": ["lost", "a server of the topology has an address of its own", "add each to servers"],
  dispatch: ["lost", "a service has servers", "add it to servers"],
  stats: ["lost", "HAProxy has no page of its own", "'holdfast status' and the agent's /metrics say as much"],
  "email-alert": ["lost", "holdfast sends no mail", "follow 'holdfast events --follow'"],
  "force-persist": ["lost", "services have no conditions"],
  "ignore-persist": ["lost", "services have no conditions"],
  maxconn: noLimit,
  fullconn: noLimit,
  "rate-limit": noLimit,
  "max-session-srv-conns": noLimit,
  "max-keep-alive-queue": http,
  "hash-balance-factor": ["lost", "no server is passed over because it has more sessions than the others"],
  retries: ["replaced", "a connection to a server is tried again twice"],
  backlog: ["replaced", "the kernel's own limit counts (net.core.somaxconn)"],
  log: logs,
  "log-format": logs,
  "log-format-sd": logs,
  "log-tag": logs,
  "log-steps": logs,
  "error-log-format": logs,
  description: named,
  id: named,
  guid: named,
  "bind-process": ["replaced", "HAProxy has one process, and as many threads as the machine has"],
  grace: ["replaced", "an old HAProxy ends 10 s after a reload"],
  "load-server-state-from-file": ["replaced", "servers are checked anew"],
  "clitcpka-idle": ["replaced", "holdfast sets TCP keepalive"],
  "clitcpka-intvl": ["replaced", "holdfast sets TCP keepalive"],
  "clitcpka-cnt": ["replaced", "holdfast sets TCP keepalive"],
  "srvtcpka-idle": ["replaced", "holdfast sets TCP keepalive"],
  "srvtcpka-intvl": ["replaced", "holdfast sets TCP keepalive"],
  "srvtcpka-cnt": ["replaced", "holdfast sets TCP keepalive"],
  "external-check": ["lost", "holdfast has checks of type openflow, tcp, tls and http"],
};

/** Lines and options by which HTTP, or what a client sends, decides where it ends: a service would misroute it. */
export const isChoice = (key: string): boolean =>
  ["use_backend", "use-server", "redirect", "dispatch"].includes(key);

/** `option NAME` that HAProxy only has for HTTP. */
export const httpOption: Loss = http;
