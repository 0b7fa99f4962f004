import { isAgainstKeeping, isForKeeping, isUnready, votesToAbort, votesToKeep } from "./decide-votes.js";
import type { Phase, Proposal } from "./transaction.js";

/**
 * What a node knows of another: its phase in this change; `elsewhere`, its record is of another change; `nothing`, it
 * has no record at all; `silent`, it was asked and did not answer. One that was not asked is not known.
 */
export type Sight = Phase | "elsewhere" | "nothing" | "silent";

/** All that one node's next step in a change follows from. */
export interface Situation {
  readonly node: string;
  readonly proposal: Pick<Proposal, "coordinator" | "participants">;
  readonly phase: Phase;
  /** It has been on trial; and whether its time is over. */
  readonly trial: "none" | "runs" | "over";
  /** This process coordinates the change right now. */
  readonly driving: boolean;
  /** The others, as far as they are known. */
  readonly others: ReadonlyMap<string, Sight>;
}

/**
 * `keep`, `go-back`, `vote`, `withdraw` and `trial` write the phase of the same meaning. `catch-up`: it went back from
 * what others kept. `doubt`: it runs the new generation and cannot know; it asks again. `wait`: somebody else will say.
 */
export type Settling =
  | "rest"
  | "catch-up"
  | "keep"
  | "go-back"
  | "vote"
  | "withdraw"
  | "trial"
  | "doubt"
  | "wait";

/** One row of decision 9. The first that says something holds. */
export interface Row {
  readonly name: string;
  readonly says: (situation: Situation) => Settling | null;
}

const row = (name: string, says: Row["says"]): Row => ({ name, says });

export const table: readonly Row[] = [
  row("kept is for ever", ({ phase }) => (phase === "kept" ? "rest" : null)),
  row("somebody kept", (s) => {
    if (!sees(s, "kept")) return null;
    if (s.phase === "aborted") return "catch-up";
    return s.phase === "prepared" ? "go-back" : "keep";
  }),
  row("it went back", ({ phase }) => (phase === "aborted" ? "rest" : null)),
  row("a majority voted for keeping", (s) =>
    votes(s, isForKeeping) >= votesToKeep(size(s)) ? "keep" : null,
  ),
  row("somebody went back", (s) => (sees(s, "aborted") ? "go-back" : null)),
  row("so many withdrew that nobody can keep", (s) =>
    votes(s, isAgainstKeeping) >= votesToAbort(size(s)) ? "go-back" : null,
  ),
  row("the others went on without it", (s) => (wentOn(s) ? "go-back" : null)),
  row("it coordinated, and never voted nor asked for a trial", (s) =>
    s.node === s.proposal.coordinator && !s.driving && !hasVotedToKeep(s) && s.trial === "none"
      ? "go-back"
      : null,
  ),
  row("it is not ready, and the coordinator is silent", (s) =>
    isUnready(s.phase) && coordinatorIsGone(s) ? "go-back" : null,
  ),
  row("it voted for keeping", ({ phase }) => (phase === "deciding" ? "doubt" : null)),
  row("somebody voted for keeping", (s) => {
    if (!isOpen(s) || !sees(s, "deciding")) return null;
    return votes(s, isForKeeping) + 1 >= votesToKeep(size(s)) ? "keep" : "vote";
  }),
  row("somebody withdrew", (s) => (isOpen(s) && sees(s, "withdrawn") ? withdrawal(s) : null)),
  row("its trial is over", ({ trial }) => (trial === "over" ? "go-back" : null)),
  row("it withdrew", ({ phase }) => (phase === "withdrawn" ? "doubt" : null)),
  row("somebody is on trial", (s) => (s.phase === "ready" && sees(s, "trial") ? "trial" : null)),
  row("enough are ready, without the coordinator", (s) =>
    s.phase === "ready" && coordinatorIsGone(s) && reached(s) >= votesToAbort(size(s)) ? withdrawal(s) : null,
  ),
  row("it is ready, and the coordinator is silent", (s) =>
    s.phase === "ready" && coordinatorIsGone(s) ? "doubt" : null,
  ),
];

/** What a node does now. Safe at any moment, however old what it knows of the others is: votes are never taken back. */
export function settle(situation: Situation, rows: readonly Row[] = table): Settling {
  for (const { says } of rows) {
    const said = says(situation);
    if (said !== null) return said;
  }
  return "wait";
}

/** The vote that the coordinator or an operator asks this node for. */
export function voteFor(situation: Situation, decision: "keep" | "abort"): Settling {
  if (decision === "keep") {
    if (!isOpen(situation)) return "wait";
    return votes(situation, isForKeeping) + 1 >= votesToKeep(size(situation)) ? "keep" : "vote";
  }
  const { phase, node, proposal, trial } = situation;
  if (isUnready(phase)) return "go-back";
  if (phase === "ready" && node === proposal.coordinator && trial === "none") return "go-back";
  return isOpen(situation) ? withdrawal(situation) : "wait";
}

const size = ({ proposal }: Situation): number => proposal.participants.length;

const sees = ({ others }: Situation, phase: Phase): boolean => [...others.values()].includes(phase);

/** It could vote either way. */
const isOpen = ({ phase }: Situation): boolean => phase === "ready" || phase === "trial";

const hasVotedToKeep = ({ phase }: Situation): boolean => isForKeeping(phase);

const isPhase = (sight: Sight): sight is Phase =>
  sight !== "silent" && sight !== "nothing" && sight !== "elsewhere";

const votes = ({ phase, others }: Situation, counts: (phase: Phase) => boolean): number =>
  [phase, ...others.values()].filter((sight) => isPhase(sight) && counts(sight)).length;

const withdrawal = (situation: Situation): Settling =>
  votes(situation, isAgainstKeeping) + 1 >= votesToAbort(size(situation)) ? "go-back" : "withdraw";

/** Asked, and did not say that it still has this change before it. */
const coordinatorIsGone = ({ proposal, others }: Situation): boolean => {
  const sight = others.get(proposal.coordinator);
  return sight !== undefined && !isPhase(sight);
};

const reached = ({ others }: Situation): number => 1 + [...others.values()].filter(isPhase).length;

/** A node takes the next change only once this one is final for it. Without records everywhere nobody will ever say. */
const wentOn = (situation: Situation): boolean => {
  if (isUnready(situation.phase)) return false;
  const sights = [...situation.others.values()];
  if (sights.includes("elsewhere")) return true;
  const all = sights.length === size(situation) - 1 && sights.length > 0;
  return all && sights.every((sight) => sight === "nothing");
};
