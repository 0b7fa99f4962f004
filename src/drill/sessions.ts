import type { SessionLine } from "./probe/session-line.js";

/** What became of the sessions held through a drill. */
export interface SessionMeasure {
  readonly held: number;
  /** Sessions that ended after the fault. */
  readonly lost: number;
  /** Milliseconds from the fault until the last lost session was of use again; null when one never was. */
  readonly backAfter: number | null;
  /** Numbered messages that never came back, and that came back twice. */
  readonly messagesLost: number;
  readonly messagesDuplicated: number;
  /** Milliseconds: the longest time any session waited between two answers. */
  readonly longestSilence: number;
}

/** Sums up one probe's lines between the fault and `to` (wall-clock milliseconds); sums are those of the whole watch. */
export function measureSessions(
  lines: readonly SessionLine[],
  injectedAt: number,
  to = Number.POSITIVE_INFINITY,
): SessionMeasure {
  const sessions = new Map<number, SessionLine[]>();
  for (const line of lines) sessions.set(line.session, [...(sessions.get(line.session) ?? []), line]);
  const each = [...sessions.values()];
  const lost = each.filter((own) =>
    own.some(({ event, at }) => event === "down" && at >= injectedAt && at <= to),
  );
  const back = lost.map((own) => {
    const last = own.filter(({ event, at }) => event !== "sums" && at <= to).at(-1);
    return last?.event === "up" ? last.at - injectedAt : null;
  });
  const sums = lines.filter((line) => line.event === "sums");
  return {
    held: each.length,
    lost: lost.length,
    backAfter: back.some((after) => after === null) ? null : Math.max(0, ...back.map(Number)),
    messagesLost: sums.reduce((total, { lost }) => total + lost, 0),
    messagesDuplicated: sums.reduce((total, { duplicated }) => total + duplicated, 0),
    longestSilence: Math.max(0, ...sums.map(({ longestSilence }) => longestSilence)),
  };
}

/** Several probes, one on each machine, as one. */
export function addSessions(measures: readonly SessionMeasure[]): SessionMeasure {
  const sum = (of: (one: SessionMeasure) => number): number =>
    measures.reduce((total, one) => total + of(one), 0);
  return {
    held: sum(({ held }) => held),
    lost: sum(({ lost }) => lost),
    backAfter: measures.some(({ backAfter }) => backAfter === null)
      ? null
      : Math.max(0, ...measures.map(({ backAfter }) => Number(backAfter))),
    messagesLost: sum(({ messagesLost }) => messagesLost),
    messagesDuplicated: sum(({ messagesDuplicated }) => messagesDuplicated),
    longestSilence: Math.max(0, ...measures.map(({ longestSilence }) => longestSilence)),
  };
}
