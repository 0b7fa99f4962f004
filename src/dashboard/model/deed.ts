/** Something that an operator does, from the question to what came of it. */
export interface Deed {
  /** `lost`: no answer came, and nobody knows here whether it was done. */
  readonly phase: "asked" | "doing" | "done" | "refused" | "lost";
  /** What was told on the way. */
  readonly said: readonly string[];
  /** What came of it, or why nothing did. */
  readonly words: readonly string[];
}

export type Turn =
  | { readonly kind: "begin" }
  | { readonly kind: "said"; readonly line: string }
  | { readonly kind: "done"; readonly words: readonly string[] }
  | { readonly kind: "failed"; readonly message: string; readonly status: number };

export const untouched: Deed = { phase: "asked", said: [], words: [] };

/** It may be begun: nothing runs, and nothing that may have been done is done again. */
export const mayBegin = ({ phase }: Deed): boolean => phase === "asked" || phase === "refused";

/** Pure. */
export function turned(deed: Deed, turn: Turn): Deed {
  switch (turn.kind) {
    case "begin":
      return mayBegin(deed) ? { phase: "doing", said: [], words: [] } : deed;
    case "said":
      return { ...deed, said: [...deed.said, turn.line] };
    case "done":
      return { ...deed, phase: "done", words: turn.words };
    case "failed":
      return unanswered(turn.status)
        ? { ...deed, phase: "lost", words: [turn.message, mayHaveHappened] }
        : { ...deed, phase: "refused", words: [turn.message] };
  }
}

/** Silence, and an agent that failed on the way, leave open what was done. */
const unanswered = (status: number): boolean => status === 0 || status >= 500;

const mayHaveHappened =
  "It may have happened all the same: look at the top of the page before you do it again.";
