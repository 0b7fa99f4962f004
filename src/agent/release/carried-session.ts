import type { Flow } from "./segment.js";

/** A session that the kernel carried, as conntrack(8) prints its entry. */
export interface CarriedSession {
  /** From the client to where it entered. */
  readonly original: Flow;
  /** From the server to what it took for the client. */
  readonly reply: Flow;
  /** Of the kernel's table: ESTABLISHED, TIME_WAIT, ... */
  readonly state: string;
}

const way = String.raw`src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+) `;
const entry = new RegExp(String.raw`^tcp +6 \d+ (\S+) ${way}(?:\[UNREPLIED\] )?${way}`);

/** Reads one line; null for what is no TCP session. */
export function carriedSession(line: string): CarriedSession | null {
  const [, state = "", ...ways] = entry.exec(line) ?? [];
  if (state === "") return null;
  const flow = ([source = "", target = "", sport, dport]: readonly string[]): Flow => ({
    from: { address: source, port: Number(sport) },
    to: { address: target, port: Number(dport) },
  });
  return { state, original: flow(ways.slice(0, 4)), reply: flow(ways.slice(4)) };
}

/** States in which somebody may hold an end: not before there is an answer, nor after the last one. */
const held = ["ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK"];

/** Both ends of a session that is held, each as its holder sees it: what is to come from its other end. */
export const ways = ({ state, original, reply }: CarriedSession): Flow[] =>
  held.includes(state) ? [opposite(original), opposite(reply)] : [];

const opposite = ({ from, to }: Flow): Flow => ({ from: to, to: from });
