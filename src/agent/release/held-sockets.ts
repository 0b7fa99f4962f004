import type { Flow } from "./segment.js";

/** One key for each pair of ends, `from` being this machine's. */
export const socketKey = ({ from, to }: Flow): string =>
  `${from.address} ${from.port} ${to.address} ${to.port}`;

/** Where a socket has a port of a service's: at this machine's end, or at the other one. */
export interface SocketPort {
  readonly side: "near" | "far";
  readonly port: number;
}

/**
 * What to run (ss(8)): the TCP sockets with two ends that have one of these ports. A socket in TIME-WAIT holds nothing
 * any more, and there may be thousands.
 */
export const socketList = (ports: readonly SocketPort[]): string[] => {
  const any = new Set(ports.map(({ side, port }) => `${{ near: "sport", far: "dport" }[side]} = :${port}`));
  const states = ["state", "connected", "exclude", "time-wait"];
  return ["ss", "-Htn", ...states, `( ${[...any].join(" or ")} )`];
};

const line = /\s(\S+):(\d+)\s+(\S+):(\d+)\s*$/;

/** The sockets that ss printed, by key. */
export function heldSockets(printed: string): Set<string> {
  const keys = printed.split("\n").flatMap((text) => {
    const [, near = "", nearPort, far = "", farPort] = line.exec(text) ?? [];
    if (near === "") return [];
    const from = { address: bare(near), port: Number(nearPort) };
    return [socketKey({ from, to: { address: bare(far), port: Number(farPort) } })];
  });
  return new Set(keys);
}

/** `[fd01::1]`, `fe80::1%eth1`, `[::ffff:10.0.0.1]`: the address as conntrack prints it. */
const bare = (shown: string): string => shown.replace(/^\[|\]$|%.*$/g, "").replace(/^::ffff:(?=\d+\.)/, "");
