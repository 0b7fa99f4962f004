import type { ActivePeer } from "./look.js";

/** One request for all that the active node holds, asked again until it is answered. Times are of a steady clock. */
export interface Round {
  /** Of what it was asked: see `keyOf`. */
  readonly key: string;
  readonly begun: number;
  readonly asked: number;
  /** Entries that had been injected before the last request. */
  readonly before: number;
  /** Entries that were injected since the last request, and when that number last grew. */
  readonly got: number;
  readonly grown: number;
}

/** Milliseconds. */
export const roundTimes = {
  /** Without a further entry for so long, the request or its answer is lost and is asked again. */
  stall: 3_000,
  /** Sessions that begin meanwhile look like an answer: one that is not complete by then is asked for again. */
  answered: 15_000,
  /** So long a node stays out of service for it. A cluster in which nobody may take over is worse than lost sessions. */
  givenUp: 30_000,
  /** Between two requests once it was given up. */
  rare: 60_000,
} as const;

/** What the active node would send: another conntrackd or another publication of it is another one. Null while it has nothing to send. */
export function keyOf({ node, word }: ActivePeer): string | null {
  if (word === null) return node;
  return word.instance === 0 || word.epoch === null ? null : `${node} ${word.instance} ${word.epoch}`;
}

/**
 * How many entries are about as many as `wanted`: sessions come and go while they are counted, most of all where there
 * are few. None at all is never enough where there are any.
 */
export const enough = (wanted: number): number =>
  wanted - Math.floor(Math.min(wanted / 2, wanted * 0.02 + 20));

export function isStalled({ begun, asked, grown }: Round, now: number): boolean {
  if (now - begun >= roundTimes.givenUp) return now - asked >= roundTimes.rare;
  return now - Math.max(asked, grown) >= roundTimes.stall || now - asked >= roundTimes.answered;
}

export function begunRound(before: Round | null, key: string, injected: number, now: number): Round {
  const begun = before?.key === key ? before.begun : now;
  return { key, begun, asked: now, before: injected, got: 0, grown: now };
}

/** @param injected entries that conntrackd has put into the kernel's table by now */
export function grownRound(round: Round, injected: number, now: number): Round {
  const got = injected - round.before;
  return got > round.got ? { ...round, got, grown: now } : round;
}
