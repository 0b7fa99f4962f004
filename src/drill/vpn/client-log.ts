import type { Whereabouts } from "./world.js";

/** Where a client is by OpenVPN's own words since its start (verb 3); null while it is nowhere. */
export function whereabouts(log: string, servers: ReadonlyMap<string, string>): Whereabouts | null {
  let [server, addresses, isUp] = ["", [] as string[], false];
  for (const line of log.split("\n")) {
    const peer = /Peer Connection Initiated with \[AF_INET6?\]([0-9a-f.:]+):\d+/.exec(line)?.[1];
    if (peer !== undefined) server = servers.get(peer) ?? peer;
    if (line.includes("'PUSH_REPLY,")) addresses = pushedIn(line);
    if (line.includes("Initialization Sequence Completed")) isUp = true;
    if (/\bSIG[A-Z0-9]+\[.*\] received|Inactivity timeout|Connection reset/.test(line)) isUp = false;
  }
  return isUp ? { server, addresses } : null;
}

const pushedIn = (line: string): string[] =>
  [...line.matchAll(/,ifconfig(?:-ipv6)? ([0-9a-f.:]+)/g)].map(([, address]) => address ?? "");
