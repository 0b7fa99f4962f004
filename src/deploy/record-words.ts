import type { TransactionRecord } from "./transaction.js";

/** What a record came from and leads to, as far as a reader of the events wants to know. */
export interface Around {
  /** It was on trial until now, and its time was over. */
  readonly trialEnded: boolean;
  /** The number of the generation that the node goes back to, where it does; null where that is not known. */
  readonly before: number | null;
}

/** A record that was just written, as one sentence for the events. */
export function recordWords(
  { phase, proposal, confirmBy }: TransactionRecord,
  { trialEnded, before }: Around,
): string {
  const what = `generation ${proposal.generation.number}`;
  switch (phase) {
    case "prepared":
      return `${what} is prepared here; nothing that runs has changed`;
    case "committed":
      return `${what} runs here, and has still to prove itself`;
    case "ready":
      return `${what} runs here and passed the last gate`;
    case "trial":
      return `${what} runs here on trial: this node goes back at ${confirmBy} unless somebody confirms`;
    case "deciding":
      return `this node votes to keep ${what}`;
    case "withdrawn":
      return `this node votes against ${what}`;
    case "kept":
      return `this node keeps ${what}`;
    case "aborted": {
      const back = `this node goes back to ${before === null ? "what it ran before" : `generation ${before}`}`;
      return trialEnded
        ? `${what} was not confirmed within ${(proposal.confirmTimeout ?? 0) / 1_000} s: ${back}`
        : `${what} is not kept: ${back}`;
    }
  }
}
