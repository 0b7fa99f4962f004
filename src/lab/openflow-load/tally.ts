import { Latency } from "./latency.js";

/** What all switches of a run count together. */
export interface Tally {
  sent: number;
  /** All that were ever sent. */
  sentInAll: number;
  answered: number;
  /** Messages whose session ended, or that the run ended, before they were answered. */
  unanswered: number;
  /** Messages that were due, and not sent: too much was waiting already. */
  skipped: number;
  /** Sessions that ended, and that came back. */
  lost: number;
  reconnects: number;
  /** Why connections ended, each with its number. */
  readonly why: Record<string, number>;
  readonly latency: Latency;
  /** What is sent from here on counts, and so do answers to it; a time of `performance.now`. */
  since: number;
}

export const newTally = (): Tally => ({
  ...{ sent: 0, sentInAll: 0, answered: 0, unanswered: 0, skipped: 0, lost: 0, reconnects: 0 },
  ...{ why: {}, latency: new Latency(), since: Number.POSITIVE_INFINITY },
});
