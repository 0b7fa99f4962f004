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

const quiet = new Set(["no-backup", "no-disabled", "stick", "non-stick", "tfo", "no-send-proxy"]);
const quietWithValue = new Set([
  ...[
    "id",
    "verify",
    "ca-file",
    "crt",
    "sni",
    "alpn",
    "ciphers",
    "ciphersuites",
    "ssl-min-ver",
    "ssl-max-ver",
  ],
  ...[
    "verifyhost",
    "on-marked-down",
    "check-sni",
    "check-alpn",
    "init-addr",
    "pool-max-conn",
    "pool-purge-delay",
  ],
  ...["tcp-ut", "guid", "minconn", "maxqueue", "log-bufsize"],
]);

/** Of these a human has to know. */
const toldWithValue: Readonly<Record<string, string>> = {
  fastinter: "one interval of checks is carried over",
  downinter: "one interval of checks is carried over",
  port: "a server is checked at the port that it serves",
  addr: "a server is checked at the address at which it serves",
  maxconn: "a server has no limit of sessions",
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
const told: Readonly<Record<string, readonly [why: string, cure?: string]>> = {
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
    } else if (quietWithValue.has(word)) index++;
    else if (quiet.has(word)) continue;
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

/** Reads `server NAME ADDRESS[:PORT] OPTIONS`; null when it has no address to write down. */
export function readServer(
  words: readonly string[],
  defaults: ServerOptions,
  place: Place,
  tell: Tell,
): { readonly server: WrittenServer; readonly options: ServerOptions } | null {
  const [, name = "", written = "", ...rest] = words;
  const options = readOptions(rest, defaults, place, tell);
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
  if (options.disabled)
    tell(
      place,
      "look",
      `server ${name}`,
      "it was disabled; with weight: 0 it gets no sessions",
      "or take it out",
    );
  const weight = options.disabled ? 0 : (options.weight ?? 1);
  return {
    options,
    server: {
      ...place,
      name,
      ip,
      port: absolute,
      portOffset: relative ? Number(port) : 0,
      weight: Math.min(weight, 256),
      backup: options.backup,
    },
  };
}
