import { haproxyTime } from "./duration.js";
import type { Loss } from "./not-carried.js";

const day = 86_400_000;
const quietSession = "a quiet session stays for 24 h; TCP keepalive ends one whose peer is gone, within 25 s";
const seeQuiet = "see that nothing counts on quiet sessions being ended";

const timeouts: Readonly<Record<string, readonly [ours: number, loss: Loss]>> = {
  connect: [2000, ["replaced", "a server that has not answered within 2 s is given up for another one"]],
  client: [day, ["replaced", quietSession, seeQuiet]],
  server: [day, ["replaced", quietSession, seeQuiet]],
  tunnel: [day, ["replaced", quietSession, seeQuiet]],
};
const noQueue: Loss = ["lost", "a service has no limit of sessions, so that none of them waits"];
const halfOpen: Loss = ["lost", "a session that one side has closed stays as long as any other"];
const http: Loss = ["lost", "holdfast balances TCP, not HTTP"];
const otherTimeouts: Readonly<Record<string, Loss>> = {
  queue: noQueue,
  "client-fin": halfOpen,
  "server-fin": halfOpen,
  "http-request": http,
  "http-keep-alive": http,
  "client-hs": ["lost", "holdfast does not end TLS"],
};

/** What becomes of `timeout NAME TIME`; null where it is holdfast's own, or the check's, which is read with it. */
export function timeoutLoss([, name = "", written]: readonly string[]): Loss | null {
  if (name === "check") return null;
  const [ours, loss] = (Object.hasOwn(timeouts, name) ? timeouts[name] : undefined) ?? [];
  if (loss !== undefined) return haproxyTime(written) === ours ? null : loss;
  if (Object.hasOwn(otherTimeouts, name)) return otherTimeouts[name] ?? null;
  return ["lost", "holdfast sets no such timeout", "see whether it is missed"];
}

/** What becomes of `hash-type METHOD [FUNCTION [MODIFIER]]`. */
export const hashLoss = (words: readonly string[]): Loss | null =>
  words.length === 2 && words[1] === "consistent"
    ? null
    : [
        "replaced",
        "balance: source hashes consistently, so that clients of other servers stay where they are",
      ];

/** Lines exactly as holdfast writes them itself. */
export const isOurs = (words: readonly string[]): boolean => {
  const line = words.join(" ");
  return (
    /^(log global|retries 2|(cli|srv)tcpka-(idle 10s|intvl 5s|cnt 3))$/.test(line) ||
    // An agent of holdfast's asks from the nodes' addresses, whom the rendered file turns away again.
    line.startsWith("tcp-request connection reject if { src 127.0.0.0/8 ::1 ")
  );
};
