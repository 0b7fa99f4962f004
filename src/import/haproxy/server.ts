import { readIp } from "../address.js";
import type { Place, Tell } from "../finding.js";
import { haproxyTime } from "./duration.js";
import type { WrittenServer } from "./proxy.js";

/** What `server` and `default-server` say; null where they are silent. */
export interface ServerOptions {
  readonly check: boolean;
  readonly checkSsl: boolean;
  readonly interval: number | null;
  readonly rise: number | null;
  readonly fall: number | null;
  readonly weight: number | null;
  readonly backup: boolean;
  readonly transparent: boolean;
  /** HAProxy opens TLS to the server. */
  readonly ssl: boolean;
  readonly disabled: boolean;
}

export const noOptions: ServerOptions = {
  check: false,
  checkSsl: false,
  interval: null,
  rise: null,
  fall: null,
  weight: null,
  backup: false,
  transparent: false,
  ssl: false,
  disabled: false,
};

/** They only take back what no service has, or number a server. */
const quiet = new Set([
  ...["no-backup", "no-disabled", "non-stick", "no-send-proxy", "no-send-proxy-v2", "no-tfo", "no-check-ssl"],
  ...["no-agent-check", "no-check-send-proxy", "stick"],
]);

/** Without `ssl` they only concern checks; with it the whole pool is told. */
const tls = new Set([
  ...["verify", "verifyhost", "ca-file", "crl-file", "crt", "sni", "alpn", "npn", "ciphers", "ciphersuites"],
  ...["ssl-min-ver", "ssl-max-ver", "check-sni", "check-alpn", "curves", "sigalgs", "client-sigalgs"],
]);

/** Of these a human has to know. */
const toldWithValue: Readonly<Record<string, string>> = {
  fastinter: "one interval of checks is carried over",
  downinter: "one interval of checks is carried over",
  port: "a server is checked at the port that it serves",
  addr: "a server is checked at the address at which it serves",
  maxconn: "a server has no limit of sessions",
  minconn: "a server has no limit of sessions",
  maxqueue: "a server has no limit of sessions, so that none of them waits",
  "pool-max-conn": "each session has a connection of its own",
  "pool-low-conn": "each session has a connection of its own",
  "pool-purge-delay": "each session has a connection of its own",
  "max-reuse": "each session has a connection of its own",
  "hash-key": "servers are hashed by numbers that holdfast makes of their names",
  redir: "holdfast balances TCP, not HTTP",
  proto: "holdfast balances TCP, not HTTP",
  ws: "holdfast balances TCP, not HTTP",
  "check-proto": "a check speaks what its type says",
  "proxy-v2-options": "servers get no PROXY header",
  slowstart: "a server that comes back gets its whole share at once",
  cookie: "holdfast balances TCP, not HTTP",
  track: "each server is checked in its own service",
  observe: "servers are judged by their checks alone",
  "error-limit": "servers are judged by their checks alone",
  "on-error": "servers are judged by their checks alone",
  "on-marked-up": "sessions stay where they are when a server comes back",
  resolvers: "a server of the topology has an address, not a name that is resolved",
  "resolve-prefer": "a server of the topology has an address, not a name that is resolved",
  "agent-port": "there are no agent checks",
  "agent-inter": "there are no agent checks",
  "agent-addr": "there are no agent checks",
  "agent-send": "there are no agent checks",
  namespace: "servers are reached from the machine's own network namespace",
  socks4: "servers are reached directly",
  interface: "the routes say on which interface a server is reached",
};
/** Of these, too, but holdfast has a way of its own. */
const replacedWithValue: Readonly<Record<string, string>> = {
  id: "servers have numbers that holdfast makes of their names",
  guid: "servers have numbers that holdfast makes of their names",
  "log-bufsize": "holdfast sets what HAProxy logs",
  "init-addr": "a server of the topology has an address, not a name that is resolved",
  "tcp-ut": "TCP keepalive ends sessions whose peer is gone, within 25 s",
};
/** Words and their values exactly as holdfast writes them itself. */
const isOurs = (word: string, value: string | undefined): boolean =>
  (word === "on-marked-down" && value === "shutdown-sessions") || (word === "verify" && value === "none");

const told: Readonly<Record<string, readonly [why: string, cure?: string]>> = {
  tfo: ["connections are opened without TCP Fast Open"],
  "send-proxy": [
    "servers get no PROXY header",
    "turn it off on the server; transparent: true shows it the client",
  ],
  "send-proxy-v2": [
    "servers get no PROXY header",
    "turn it off on the server; transparent: true shows it the client",
  ],
  "check-send-proxy": ["servers get no PROXY header"],
  "agent-check": ["there are no agent checks"],
};

/** Reads the words behind a server's address, or those of `default-server`. */
export function readOptions(
  words: readonly string[],
  before: ServerOptions,
  place: Place,
  tell: Tell,
): ServerOptions {
  const options = { ...before };
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const next = (): string => words[++index] ?? "";
    if (word === "check") options.check = true;
    else if (word === "no-check") options.check = false;
    else if (word === "backup") options.backup = true;
    else if (word === "ssl") options.ssl = true;
    else if (word === "disabled") options.disabled = true;
    else if (word === "enabled") options.disabled = false;
    else if (word === "no-ssl") options.ssl = false;
    else if (word === "check-ssl") options.checkSsl = true;
    else if (word === "inter") options.interval = haproxyTime(next());
    else if (word === "rise") options.rise = count(next());
    else if (word === "fall") options.fall = count(next());
    else if (word === "weight") options.weight = count(next());
    else if (word === "source") {
      const address = next();
      const byClient = words[index + 1] === "usesrc" && /^client(ip)?$/.test(words[index + 2] ?? "");
      if (byClient) {
        options.transparent = true;
        index += 2;
      } else tell(place, "lost", `source ${address}`, "HAProxy chooses its own address", "use nat.source");
    } else if (quiet.has(word)) continue;
    else if (isOurs(word, words[index + 1])) index++;
    else if (tls.has(word)) {
      const value = next();
      if (!words.includes("ssl"))
        tell(
          place,
          "lost",
          `${word} ${value}`,
          "a check of type tls says hello, and looks at no certificate",
        );
    } else if (Object.hasOwn(replacedWithValue, word))
      tell(place, "replaced", `${word} ${next()}`, replacedWithValue[word] ?? "");
    else if (Object.hasOwn(toldWithValue, word))
      tell(place, "lost", `${word} ${next()}`, toldWithValue[word] ?? "");
    else if (Object.hasOwn(told, word)) {
      const [why = "", cure] = told[word] ?? [];
      tell(place, "lost", word, why, cure);
    } else tell(place, "lost", word, "import does not know it", "see whether it is missed");
  }
  return options;
}

const count = (text: string): number | null => (/^[0-9]{1,6}$/.test(text) ? Number(text) : null);

/** Reads `server NAME ADDRESS[:PORT] OPTIONS`; null when it has no address to write down, or is switched off. */
export function readServer(
  words: readonly string[],
  defaults: ServerOptions,
  place: Place,
  tell: Tell,
): { readonly server: WrittenServer; readonly options: ServerOptions } | null {
  const [, name = "", written = "", ...rest] = words;
  const options = readOptions(rest, defaults, place, tell);
  if (options.disabled) {
    tell(
      place,
      "lost",
      `server ${name} ${written}`,
      "it is disabled: it has to be switched on by hand",
      "add it to servers if it is to serve; with weight: 0 it stands there and gets no sessions",
    );
    return null;
  }
  const plain = written.replace(/^(ipv4|ipv6|tcp|tcp4|tcp6)@/, "");
  const [, bracketed, v6, bare, port] =
    /^(?:\[([^\]]*)\]|([^:]*:[^:]*:.*?)|([^:]*))(?::([+-]?[0-9]{1,5}))?$/.exec(plain) ?? [];
  // Without brackets the last part of an IPv6 address would be a port; HAProxy reads it so, too.
  const ip = readIp(bracketed ?? bare ?? v6 ?? "");
  if (ip === null) {
    tell(
      place,
      "lost",
      `server ${name} ${written}`,
      "a server has an IP address that every node reaches, and a TCP port",
      "add it to servers with its address",
    );
    return null;
  }
  const relative = port !== undefined && /^[+-]/.test(port);
  const absolute = port === undefined || relative || Number(port) === 0 ? null : Number(port);
  return {
    options,
    server: {
      ...place,
      name,
      ip,
      port: absolute,
      portOffset: relative ? Number(port) : 0,
      weight: Math.min(options.weight ?? 1, 256),
      backup: options.backup,
    },
  };
}
