import { readIp } from "../address.js";
import type { Place, Tell } from "../finding.js";
import type { Bind } from "./proxy.js";

export interface ReadBinds {
  readonly binds: readonly Bind[];
  /** Why the whole frontend cannot become a service; null when it can. */
  readonly refused: string | null;
}

/** Words of a bind line that take the next word with them: the kind of the loss, and why. */
const withValue: Readonly<Record<string, readonly [kind: "lost" | "replaced", why: string]>> = {
  name: ["replaced", "holdfast writes its own names and numbers"],
  id: ["replaced", "holdfast writes its own names and numbers"],
  guid: ["replaced", "holdfast writes its own names and numbers"],
  backlog: ["replaced", "the kernel's own limit counts (net.core.somaxconn)"],
  maxconn: ["lost", "a service has no limit of sessions"],
  mss: ["lost", "a service has no MSS of its own"],
  "tcp-ut": ["replaced", "TCP keepalive ends sessions whose peer is gone, within 25 s"],
  thread: ["replaced", "all threads of HAProxy serve everything"],
  process: ["replaced", "HAProxy has one process"],
  shards: ["replaced", "all threads of HAProxy serve everything"],
  nice: ["lost", "all services are served alike"],
  level: ["lost", "a service listens for clients, not for commands"],
  interface: ["lost", "a service listens at its virtual IP"],
  namespace: ["lost", "HAProxy runs in the machine's own network namespace"],
  proto: ["lost", "holdfast balances TCP, not HTTP"],
};
const alone: Readonly<Record<string, string>> = {
  transparent: "HAProxy may bind a virtual IP before the node has it",
  "defer-accept": "a session is accepted at once, before the client says anything",
  tfo: "connections are opened without TCP Fast Open",
};

/** Reads `10.0.1.100:6653,[fd00::1]:6653 ssl crt FILE`. */
export function readBinds(words: readonly string[], place: Place, tell: Tell): ReadBinds {
  const [addresses = "", ...options] = words;
  let refused: string | null = null;
  for (let index = 0; index < options.length; index++) {
    const option = options[index] ?? "";
    if (option === "ssl") refused = "it ends TLS, which holdfast does not: a service passes it on as it is";
    else if (option === "accept-proxy" || option === "expect-netscaler-cip")
      refused = "it wants a PROXY header before each session, which holdfast does not read";
    else if (option === "v6only" || option === "v4v6") continue;
    else if (Object.hasOwn(withValue, option)) {
      const [kind = "lost", why = ""] = withValue[option] ?? [];
      tell(place, kind, `${option} ${options[++index] ?? ""}`, why);
    } else if (Object.hasOwn(alone, option)) tell(place, "replaced", option, alone[option] ?? "");
    else if (refused === null)
      tell(place, "lost", option, "of a bind line only addresses and ports are carried over");
  }
  const binds = addresses
    .split(",")
    .filter((address) => address !== "")
    .flatMap((address) =>
      readBind(address, options.includes("v6only"), options.includes("v4v6"), place, tell),
    );
  return { binds, refused };
}

function readBind(written: string, v6only: boolean, v4v6: boolean, place: Place, tell: Tell): Bind[] {
  const lost = (why: string, cure?: string): [] => {
    tell(place, "lost", `bind ${written}`, why, cure);
    return [];
  };
  if (/^(unix@|abns@|abnsz@|fd@|sockpair@|quic|\/)/.test(written) || written.startsWith("/"))
    return lost("a service listens at an address and a TCP port");
  const [, only, rest = ""] = /^(?:(ipv4|ipv6|tcp|tcp4|tcp6)@)?(.*)$/.exec(written) ?? [];
  const [, bracketed, bare, port = ""] = /^(?:\[([^\]]*)\]|(.*?)):([^:\]]*)$/.exec(rest) ?? [];
  if (/^[0-9]+-[0-9]+$/.test(port))
    return lost("a service has one port", "write one service for each port, or use nat.destination");
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535)
    return lost("its port is no number");
  const address = bracketed ?? bare ?? "";
  const everywhere: readonly (4 | 6)[] | null =
    address === "" || address === "*" || address === "0.0.0.0"
      ? only === "ipv6" || only === "tcp6"
        ? [6]
        : [4]
      : address === "::" || address === "0::0"
        ? v4v6 && !v6only
          ? [4, 6]
          : [6]
        : null;
  if (everywhere !== null) return [{ ...place, address: null, families: everywhere, port: Number(port) }];
  const ip = readIp(address);
  if (ip === null) return lost("it is no address that a virtual IP can have", "write the address itself");
  return [{ ...place, address: ip, families: [ip.family], port: Number(port) }];
}
