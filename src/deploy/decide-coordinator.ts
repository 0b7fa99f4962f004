import { isFinal } from "./decide-votes.js";
import type { Phase, Proposal, Word } from "./transaction.js";

/** What the coordinator has done or asked for next. Nodes of one action are asked at once. */
export type Action =
  | { readonly kind: "prepare"; readonly nodes: readonly string[] }
  | { readonly kind: "commit"; readonly nodes: readonly string[] }
  | { readonly kind: "gate"; readonly nodes: readonly string[]; readonly last: boolean }
  | { readonly kind: "trial"; readonly nodes: readonly string[] }
  /** Its own participant votes; the answer is its word. */
  | { readonly kind: "decide"; readonly decision: "keep" | "abort" }
  /** These nodes, or its own participant, hear the words; each answer is a word, or a failure. */
  | { readonly kind: "hear"; readonly nodes: readonly string[]; readonly words: readonly Word[] }
  | { readonly kind: "end"; readonly outcome: "kept" | "trial" | "undone" | "unsettled" };

/** What became of an action on one node. A timeout and a lost connection are failures: nobody knows what was done. */
export type Input =
  | { readonly kind: "done"; readonly node: string }
  /** Answers `decide` and `hear`; null: the node has no record of this change. */
  | { readonly kind: "said"; readonly node: string; readonly phase: Phase | null }
  | { readonly kind: "failed"; readonly node: string; readonly why: string };

export type Stage = "prepare" | "commit" | "gate" | "last-gate" | "trial" | "settle" | "ended";

export interface Failure {
  readonly stage: Stage;
  readonly node: string;
  readonly why: string;
}

/** A coordinator's memory; lost with its process, and never needed again. */
export interface Coordination {
  readonly proposal: Proposal;
  /** In which the nodes are committed: the active one last. */
  readonly order: readonly string[];
  readonly stage: Stage;
  /** Nodes whose answer is awaited. */
  readonly waiting: readonly string[];
  readonly committed: number;
  readonly failures: readonly Failure[];
  /** Newest word of each node, once votes are cast. */
  readonly words: readonly Word[];
  /** Those of the others that its own participant was last told of. */
  readonly heard: readonly Word[];
  /** The phase that the others were last told of. */
  readonly told: Phase | null;
}

export interface Next {
  readonly state: Coordination;
  readonly actions: readonly Action[];
}

/** Proposes: the first action is to prepare all nodes. */
export function begin(proposal: Proposal, order: readonly string[]): Next {
  const state: Coordination = {
    proposal,
    order,
    stage: "prepare",
    waiting: proposal.participants,
    committed: 0,
    failures: [],
    words: [],
    heard: [],
    told: null,
  };
  return { state, actions: [{ kind: "prepare", nodes: proposal.participants }] };
}

/** One answer, and what follows from it. An answer that nobody waits for changes nothing. */
export function proceed(state: Coordination, input: Input): Next {
  if (!state.waiting.includes(input.node)) return stay(state);
  const waiting = state.waiting.filter((node) => node !== input.node);
  const failures =
    input.kind === "failed"
      ? [...state.failures, { stage: state.stage, node: input.node, why: input.why }]
      : state.failures;
  const answered = { ...state, waiting, failures };
  if (state.stage === "settle") return settling(answered, input);
  // All answers are waited for: what one node refuses is told together with what the others refuse.
  if (waiting.length > 0) return stay(answered);
  if (failures.length > 0) return decide(answered, "abort");
  return advance(answered);
}

/** Every node has done what the stage asked of it. */
function advance(state: Coordination): Next {
  const { proposal, order, stage, committed } = state;
  const [next] = order.slice(committed, committed + 1);
  switch (stage) {
    case "commit":
      // The gate of the node that is committed last is the last gate, which asks all.
      if (next === undefined)
        return ask(state, "last-gate", { kind: "gate", nodes: proposal.participants, last: true });
      return ask(state, "gate", { kind: "gate", nodes: order.slice(committed - 1, committed), last: false });
    case "last-gate":
      // Its own first: once anybody is on trial an operator may confirm there, and going back takes votes.
      return proposal.confirmTimeout === null
        ? decide(state, "keep")
        : ask(state, "trial", { kind: "trial", nodes: [proposal.coordinator] });
    case "trial": {
      const others = othersOf(proposal).filter(() => state.told === null);
      return others.length > 0
        ? ask({ ...state, told: "trial" }, "trial", { kind: "trial", nodes: others })
        : end(state, "trial");
    }
    default:
      return next === undefined
        ? decide(state, "abort")
        : ask({ ...state, committed: committed + 1 }, "commit", { kind: "commit", nodes: [next] });
  }
}

const decide = (state: Coordination, decision: "keep" | "abort"): Next => ({
  state: { ...state, stage: "settle", waiting: [state.proposal.coordinator], told: null },
  actions: [{ kind: "decide", decision }],
});

/** Tells the others the own word, lets the own participant hear each answer, and tells them again once it is final. */
function settling(state: Coordination, input: Input): Next {
  const { proposal, waiting } = state;
  const own = proposal.coordinator;
  if (input.kind !== "said") {
    if (input.node === own) return end(state, "unsettled");
    return waiting.length > 0 ? stay(state) : conclude(state);
  }
  // A coordinator that could not even prepare has no record, and will never vote.
  const phase = input.phase ?? (input.node === own ? "aborted" : null);
  const words = phase === null ? state.words : withWord(state.words, { node: input.node, phase });
  const heard = { ...state, words };
  if (input.node === own) {
    if (state.told === null) return tell(heard, othersOf(proposal));
    // Others may have answered while it heard the ones before: with four and more, one other vote is not enough.
    if (!isSettled(heard) && hasNews(heard)) return hearOwn(heard, waiting);
    return waiting.length > 0 ? stay(heard) : conclude(heard);
  }
  if (!isSettled(heard) && !waiting.includes(own)) return hearOwn(heard, waiting);
  return waiting.length > 0 ? stay(heard) : conclude(heard);
}

/** The own participant hears what the others have said by now. */
function hearOwn(state: Coordination, waiting: readonly string[]): Next {
  const own = state.proposal.coordinator;
  return {
    state: { ...state, waiting: [...waiting, own], heard: othersWords(state) },
    actions: [{ kind: "hear", nodes: [own], words: state.words }],
  };
}

const othersWords = ({ words, proposal }: Coordination): Word[] =>
  words.filter(({ node }) => node !== proposal.coordinator);

const hasNews = (state: Coordination): boolean =>
  othersWords(state).some(
    ({ node, phase }) => !state.heard.some((known) => known.node === node && known.phase === phase),
  );

/** Everybody has answered. */
function conclude(state: Coordination): Next {
  const own = phaseOf(state, state.proposal.coordinator);
  if (own === null || !isFinal(own)) return end(state, "unsettled");
  const behind = othersOf(state.proposal).filter((node) => {
    const phase = phaseOf(state, node);
    return phase !== null && !isFinal(phase);
  });
  if (behind.length > 0 && state.told !== own) return tell(state, behind);
  return end(state, own === "kept" ? "kept" : "undone");
}

function tell(state: Coordination, nodes: readonly string[]): Next {
  const told = phaseOf(state, state.proposal.coordinator);
  if (nodes.length === 0) return conclude({ ...state, told });
  return {
    state: { ...state, told, waiting: nodes },
    actions: [{ kind: "hear", nodes, words: state.words }],
  };
}

const ask = (state: Coordination, stage: Stage, action: Action & { nodes: readonly string[] }): Next => ({
  state: { ...state, stage, waiting: action.nodes },
  actions: [action],
});

const end = (state: Coordination, outcome: "kept" | "trial" | "undone" | "unsettled"): Next => ({
  state: { ...state, stage: "ended", waiting: [] },
  actions: [{ kind: "end", outcome }],
});

const stay = (state: Coordination): Next => ({ state, actions: [] });

const othersOf = ({ participants, coordinator }: Proposal): string[] =>
  participants.filter((node) => node !== coordinator);

const phaseOf = ({ words }: Coordination, node: string): Phase | null =>
  words.find((word) => word.node === node)?.phase ?? null;

const isSettled = (state: Coordination): boolean => {
  const own = phaseOf(state, state.proposal.coordinator);
  return own !== null && isFinal(own);
};

const withWord = (words: readonly Word[], word: Word): Word[] => [
  ...words.filter(({ node }) => node !== word.node),
  word,
];
