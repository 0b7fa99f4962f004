/** What the session probe says, one JSON document a line. Times are wall-clock milliseconds. */
export type SessionLine =
  | { readonly event: "up"; readonly session: number; readonly at: number; readonly from: string }
  | {
      readonly event: "down";
      readonly session: number;
      readonly at: number;
      /** `reset`, `closed`, or `silent` when the client gave it up itself. */
      readonly reason: string;
      /** Numbered messages that were sent and never answered. */
      readonly unanswered: number;
    }
  | ({ readonly event: "sums"; readonly session: number; readonly at: number } & SessionSums);

export interface SessionSums {
  readonly sent: number;
  readonly answered: number;
  /** Messages whose session ended before they were answered. */
  readonly lost: number;
  /** Answers that had come before. */
  readonly duplicated: number;
  /** Milliseconds: the longest time between two answers, reconnecting included. */
  readonly longestSilence: number;
}
