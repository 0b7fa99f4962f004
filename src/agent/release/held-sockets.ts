import type { Flow } from "./segment.js";

/** One key for each pair of ends, `from` being this machine's. */
export const socketKey = ({ from, to }: Flow): string =>
  `${from.address} ${from.port} ${to.address} ${to.port}`;

/** What to run (ss(8)): every TCP socket with two ends that has one of these ports at either of them. */
export const socketList = (ports: readonly number[]): string[] => {
  const any = [...new Set(ports)].flatMap((port) => [`sport = :${port}`, `dport = :${port}`]);
  return ["ss", "-Htn", "state", "connected", `( ${any.join(" or ")} )`];
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
